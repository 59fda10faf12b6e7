/** The known answers of the sheet's section 4.4. */
export interface DingtalkVector {
  name: string;
  token: string;
  aesKey: string;
  ownerKey: string;
  timestamp: string;
  nonce: string;
  random: string;
  message: string;
  signature: string;
  encrypted: string;
}

const v1Key = '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij';

export const dingtalkVectors: readonly DingtalkVector[] = [
  {
    name: 'V1',
    token: '123456',
    aesKey: v1Key,
    ownerKey: 'suite4xxxxxxxxxxxxxxx',
    timestamp: '1445827045067',
    nonce: 'nEXhMP4r',
    random: 'hU3bEfGZZewzhG5a',
    message:
      '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
    signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0',
    encrypted:
      '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
  },
  {
    name: 'V2',
    token: 'mryue',
    aesKey: 'Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7',
    ownerKey: 'ding6ccabc44d2c8d38b',
    timestamp: '1608001896814',
    nonce: 'WL4PK6yA',
    random: 'l7Y3EcX2CU5w8av3',
    message: '{"EventType":"check_url"}',
    signature: '03044561471240d4a14bb09372dfcfd4fd0e40cb',
    encrypted:
      '0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3',
  },
  {
    name: 'V3',
    token: 'tokenxxxx',
    aesKey: 'o1w0aum42yaptlz8alnhwikjd3jenzt9cb9wmzptgus',
    ownerKey: 'dingxxxxxx',
    timestamp: '1605695694141',
    nonce: 'WelUQl6bCqcBa2fM',
    random: 'WelUQl6bCqcBa2fM',
    message: 'success',
    signature: 'f36f4ba5337d426c7d4bca0dbcb06b3ddc1388fc',
    encrypted: 'X1VSe9cTJUMZu60d3kyLYTrBq5578ZRJtteU94wG0Q4Uk6E/wQYeJRIC0/UFW5Wkya1Ihz9oXAdLlyC9TRaqsQ==',
  },
  {
    name: 'V4',
    token: '123456',
    aesKey: '1234567890123456789012345678901234567890123',
    ownerKey: 'dingsnotzck6pm5veliw',
    timestamp: '1614767836',
    nonce: 'A7Co0cJLMzIDtMMI',
    random: 'dICkEDLj0eb6yAbc',
    message: 'success',
    signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
    encrypted: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
  },
  {
    name: 'V5',
    token: '666666',
    aesKey: v1Key,
    ownerKey: 'ding12345678901234567890123456789012',
    timestamp: '1561081681688',
    nonce: '88888888',
    random: 'aaaabbbbccccdddd',
    message: 'success',
    signature: 'c73ae200142decf72703ce33307a2b8eb01cb606',
    encrypted: 't5BhzMl4vwWDGqbT+PBJEapWbA1S3yVCxf/NWQ27hgix1Jc0DUNfLF17HvO2k11TepE6sMaQejxE70qSOG2QxA==',
  },
  {
    name: 'V6',
    token: '666666',
    aesKey: v1Key,
    ownerKey: '12345',
    timestamp: '1561081681688',
    nonce: '88888888',
    random: 'aaaabbbbccccdddd',
    message: 'success',
    signature: '002b8a5c3c923bb4a7cecdd33870386b1c7d081d',
    encrypted: 't5BhzMl4vwWDGqbT+PBJEXvReozwmHG+ZQndNb5CfIhKiL1VfWkRYSm0iLxr5dS3EdXN+j5YuXj20nehJToBcA==',
  },
  {
    name: 'V7',
    token: '123456',
    aesKey: v1Key,
    ownerKey: 'dingappkey0001',
    timestamp: '1700000000000',
    nonce: 'nonce001',
    random: 'aaaabbbbccccdddd',
    message: '{"EventType":"user_modify_org","name":"张三"}',
    signature: '34b98adad8260ac0caa540674a4b0cebb6269d13',
    encrypted:
      't5BhzMl4vwWDGqbT+PBJEcvXXe61wYQMIl8dj2fyrXd2XjX71KmhicvDE6cPR5/o9NE67uDouJytPMboJX+80cysXQp3jk8lDOPNVElpMU4yjXGVqQCBlB0guZUUZZ9a',
  },
];
