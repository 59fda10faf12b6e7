/** Known answers of the callback encryption: V1–V4 are published, S1–S3 ours (sheet 4.3). */
export interface Vector {
  name: string;
  token: string;
  key: string;
  timestamp: string;
  nonce: string;
  encrypted: string;
  signature: string;
  receiveId: string;
  /** The whole message, or what it contains. */
  message: string | RegExp;
  /** Bytes of the message. */
  length: number;
  /** The 16 random bytes, where they can be written down. */
  random?: string;
}

const sampleToken = 'QDG6eK';
const sampleKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const ours = {
  token: 'simToken01',
  key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  receiveId: 'wwsim0123456789ab',
};

export const vectors: readonly Vector[] = [
  {
    name: 'V1',
    token: sampleToken,
    key: sampleKey,
    timestamp: '1409659589',
    nonce: '263014780',
    encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
    receiveId: 'wx5823bf96d3bd56c7',
    message: '1616140317555161061',
    length: 19,
    random: 'c41b64491c2468d0',
  },
  {
    name: 'V2',
    token: sampleToken,
    key: sampleKey,
    timestamp: '1409659813',
    nonce: '1372623149',
    encrypted:
      'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
    signature: '477715d11cdb4164915debcba66cb864d751f3e6',
    receiveId: 'wx5823bf96d3bd56c7',
    message:
      /<FromUserName><!\[CDATA\[mycreate\]\]>[^]*<Content><!\[CDATA\[hello\]\]>[^]*4561255354251345929/,
    length: 284,
    random: '0960688932c47ef1',
  },
  {
    name: 'V3',
    token: 'kjr2TKI8umCBfVF3wAHk8JiPwma5VBme',
    key: '4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws',
    timestamp: '1583940690',
    nonce: 'VHh7ymSeb0jc4lSb',
    encrypted: '6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==',
    signature: '1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011',
    receiveId: 'ww6a112864f8022910',
    message: '94966531020182955848408',
    length: 23,
  },
  {
    name: 'V4',
    token: 'kz7Yx62CH8SaLN',
    key: 'cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP',
    timestamp: '1583995625',
    nonce: '1584392382',
    encrypted:
      'EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328=',
    signature: 'f265ae551b1932727204c3d707628d01376a6940',
    receiveId: 'ww6a112864f8022910',
    message: /foobar[^]*x123[^]*2018405441[^]*1000002/,
    length: 269,
  },
  {
    ...ours,
    name: 'S1',
    timestamp: '1767225600',
    nonce: '1122334455',
    encrypted: 'Q3stYC6hdFzMh9T8HCvyDNRwWPBXIScmjRHCtyi/GyYqYDp/aTHZ81X2ESt8llngRtVYvmkRGmn9j2O6yqL2oQ==',
    signature: 'ddec6ee3e85bfe13ee1c590371f80d2acaf3cc9b',
    message: '5927401836602715',
    length: 16,
    random: '0123456789abcdef',
  },
  {
    ...ours,
    name: 'S2',
    timestamp: '1767225600',
    nonce: '987654321',
    encrypted:
      'DpQeJfnf/MGZ/+GTIspwVECO+FjOm+doA906ehkyRaXIuR8JAm+3qjY3aLTg1TsmaupXiTLlRofSafMMg22/IsfOq//jy5/FbxN890ltEMpZKi4FvSg3pzrnXRdoG94FKczOGKnd1lR7mbDpi8d39SzqE/QItJeWdq/qG1dKtRLU7GytX8KMZzmYnh6N8UQlk2IdNVcMVo9XwDt78SaGYPnKZyF+EgKS6WrdlhPvbZJurB6S/n6uxJIF4CMvfddwYu4tYL1cLx8HdxRaArq8eht0YF/P0S/a+akW5fdEA1awMNkzwf3dYMfslPksyuWg+wp1hl2hdgbX9ulqyVI94PgEe2cdLqEhWHOy1KFunmuAIcu1+kA92NYbtqafWsrEkKRhM2cc721Y7aLyeqrIP1cHMupE9QrYlzYHHgkDI011F1rmuFyWzd8qig+nEiwSl4ZruYDYZ6cDH2At1/TkmQkAxgtDDOYS1qcq+HKUT4j0XFkUNN+x3OgDCiLOUw6PMVLe/S4uRb24PgrKn/eR95R5bxUWDTA2vh16b9V7RE4=',
    signature: 'f51bcde95799c3d5259c80ffa248918a2e226d70',
    message:
      '<xml><ToUserName><![CDATA[wwsim0123456789ab]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event><ChangeType>update_user</ChangeType><UserID><![CDATA[lin.mei]]></UserID><Name><![CDATA[林梅]]></Name><Department><![CDATA[2,7]]></Department></xml>',
    length: 364,
    random: 'fedcba9876543210',
  },
  {
    ...ours,
    name: 'S3',
    timestamp: '1767225601',
    nonce: 'n0nce',
    encrypted:
      'IcUfbvpKhaEdSeoj4fRoGG9l2JJ3E6Dw8ecid5P0jvSnuVSLpJwQg4XtV3T+qJIkqcysf8k2LzSa6qEgvhwcYHlKnkfgijHLJaXOKDs4hICDu+8gVi+/iKeBFXQN+h6m',
    signature: '2216f7b56bcecd5f361caf9710a79bb4e193a37c',
    message: 'x'.repeat(27),
    length: 27,
    random: 'AAAABBBBCCCCDDDD',
  },
];
