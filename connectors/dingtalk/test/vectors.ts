/** Known answers: V1 to V4 published by the vendor, V5 to V7 made with OpenSSL and fixed random bytes. */
export interface Vector {
  name: string;
  token: string;
  aesKey: string;
  owner: string;
  timestamp: string;
  nonce: string;
  random: string;
  message: string;
  encrypted: string;
  signature: string;
}

const key = '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij';

export const vectors: readonly Vector[] = [
  {
    name: 'V1 first check of a suite',
    token: '123456',
    aesKey: key,
    owner: 'suite4xxxxxxxxxxxxxxx',
    timestamp: '1445827045067',
    nonce: 'nEXhMP4r',
    random: 'hU3bEfGZZewzhG5a',
    message:
      '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
    encrypted:
      '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
    signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0',
  },
  {
    name: 'V2 check of a URL, key with spare bits',
    token: 'mryue',
    aesKey: 'Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7',
    owner: 'ding6ccabc44d2c8d38b',
    timestamp: '1608001896814',
    nonce: 'WL4PK6yA',
    random: 'l7Y3EcX2CU5w8av3',
    message: '{"EventType":"check_url"}',
    encrypted:
      '0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3',
    signature: '03044561471240d4a14bb09372dfcfd4fd0e40cb',
  },
  {
    name: 'V3 success',
    token: 'tokenxxxx',
    aesKey: 'o1w0aum42yaptlz8alnhwikjd3jenzt9cb9wmzptgus',
    owner: 'dingxxxxxx',
    timestamp: '1605695694141',
    nonce: 'WelUQl6bCqcBa2fM',
    random: 'WelUQl6bCqcBa2fM',
    message: 'success',
    encrypted: 'X1VSe9cTJUMZu60d3kyLYTrBq5578ZRJtteU94wG0Q4Uk6E/wQYeJRIC0/UFW5Wkya1Ihz9oXAdLlyC9TRaqsQ==',
    signature: 'f36f4ba5337d426c7d4bca0dbcb06b3ddc1388fc',
  },
  {
    name: 'V4 success, signed in seconds, key with spare bits',
    token: '123456',
    aesKey: '1234567890123456789012345678901234567890123',
    owner: 'dingsnotzck6pm5veliw',
    timestamp: '1614767836',
    nonce: 'A7Co0cJLMzIDtMMI',
    random: 'dICkEDLj0eb6yAbc',
    message: 'success',
    encrypted: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
    signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
  },
  {
    name: 'V5 padding of one byte',
    token: '666666',
    aesKey: key,
    owner: 'ding12345678901234567890123456789012',
    timestamp: '1561081681688',
    nonce: '88888888',
    random: 'aaaabbbbccccdddd',
    message: 'success',
    encrypted: 't5BhzMl4vwWDGqbT+PBJEapWbA1S3yVCxf/NWQ27hgix1Jc0DUNfLF17HvO2k11TepE6sMaQejxE70qSOG2QxA==',
    signature: 'c73ae200142decf72703ce33307a2b8eb01cb606',
  },
  {
    name: 'V6 padding of a whole block',
    token: '666666',
    aesKey: key,
    owner: '12345',
    timestamp: '1561081681688',
    nonce: '88888888',
    random: 'aaaabbbbccccdddd',
    message: 'success',
    encrypted: 't5BhzMl4vwWDGqbT+PBJEXvReozwmHG+ZQndNb5CfIhKiL1VfWkRYSm0iLxr5dS3EdXN+j5YuXj20nehJToBcA==',
    signature: '002b8a5c3c923bb4a7cecdd33870386b1c7d081d',
  },
  {
    name: 'V7 Chinese',
    token: '123456',
    aesKey: key,
    owner: 'dingappkey0001',
    timestamp: '1700000000000',
    nonce: 'nonce001',
    random: 'aaaabbbbccccdddd',
    message: '{"EventType":"user_modify_org","name":"张三"}',
    encrypted:
      't5BhzMl4vwWDGqbT+PBJEcvXXe61wYQMIl8dj2fyrXd2XjX71KmhicvDE6cPR5/o9NE67uDouJytPMboJX+80cysXQp3jk8lDOPNVElpMU4yjXGVqQCBlB0guZUUZZ9a',
    signature: '34b98adad8260ac0caa540674a4b0cebb6269d13',
  },
];

export function vector(name: `V${number}`): Vector {
  const found = vectors.find((candidate) => candidate.name.startsWith(`${name} `));
  if (!found) throw new Error(`there is no vector ${name}`);
  return found;
}
