/** Known answers: published by the vendor (V) and our own with fixed random bytes (S). */
export interface Vector {
  name: string;
  token: string;
  aesKey: string;
  timestamp: string;
  nonce: string;
  encrypted: string;
  signature: string;
  receiveId: string;
  message: string | RegExp;
  bytes: number;
}

const published = {
  token: 'QDG6eK',
  aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  receiveId: 'wx5823bf96d3bd56c7',
};
const own = {
  token: 'simToken01',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  receiveId: 'wwsim0123456789ab',
};

export const v1: Vector = {
  name: 'V1 URL verification',
  ...published,
  timestamp: '1409659589',
  nonce: '263014780',
  encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
  signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
  message: '1616140317555161061',
  bytes: 19,
};

export const v2: Vector = {
  name: 'V2 message whose padding breaks 16-byte unpadding',
  ...published,
  timestamp: '1409659813',
  nonce: '1372623149',
  encrypted:
    'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
  signature: '477715d11cdb4164915debcba66cb864d751f3e6',
  message: /<Content><!\[CDATA\[hello\]\]><\/Content>[^]*4561255354251345929/,
  bytes: 284,
};

export const v3: Vector = {
  name: 'V3 URL verification with a nonce of letters',
  token: 'kjr2TKI8umCBfVF3wAHk8JiPwma5VBme',
  aesKey: '4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws',
  receiveId: 'ww6a112864f8022910',
  timestamp: '1583940690',
  nonce: 'VHh7ymSeb0jc4lSb',
  encrypted: '6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==',
  signature: '1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011',
  message: '94966531020182955848408',
  bytes: 23,
};

export const v4: Vector = {
  name: 'V4 message with binary random bytes',
  token: 'kz7Yx62CH8SaLN',
  aesKey: 'cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP',
  receiveId: 'ww6a112864f8022910',
  timestamp: '1583995625',
  nonce: '1584392382',
  encrypted:
    'EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328=',
  signature: 'f265ae551b1932727204c3d707628d01376a6940',
  message: /x123[^]*2018405441[^]*1000002/,
  bytes: 269,
};

export const s1: Vector = {
  name: 'S1 URL verification',
  ...own,
  timestamp: '1767225600',
  nonce: '1122334455',
  encrypted: 'Q3stYC6hdFzMh9T8HCvyDNRwWPBXIScmjRHCtyi/GyYqYDp/aTHZ81X2ESt8llngRtVYvmkRGmn9j2O6yqL2oQ==',
  signature: 'ddec6ee3e85bfe13ee1c590371f80d2acaf3cc9b',
  message: '5927401836602715',
  bytes: 16,
};

export const s2: Vector = {
  name: 'S2 text of several bytes per character',
  ...own,
  timestamp: '1767225600',
  nonce: '987654321',
  encrypted:
    'DpQeJfnf/MGZ/+GTIspwVECO+FjOm+doA906ehkyRaXIuR8JAm+3qjY3aLTg1TsmaupXiTLlRofSafMMg22/IsfOq//jy5/FbxN890ltEMpZKi4FvSg3pzrnXRdoG94FKczOGKnd1lR7mbDpi8d39SzqE/QItJeWdq/qG1dKtRLU7GytX8KMZzmYnh6N8UQlk2IdNVcMVo9XwDt78SaGYPnKZyF+EgKS6WrdlhPvbZJurB6S/n6uxJIF4CMvfddwYu4tYL1cLx8HdxRaArq8eht0YF/P0S/a+akW5fdEA1awMNkzwf3dYMfslPksyuWg+wp1hl2hdgbX9ulqyVI94PgEe2cdLqEhWHOy1KFunmuAIcu1+kA92NYbtqafWsrEkKRhM2cc721Y7aLyeqrIP1cHMupE9QrYlzYHHgkDI011F1rmuFyWzd8qig+nEiwSl4ZruYDYZ6cDH2At1/TkmQkAxgtDDOYS1qcq+HKUT4j0XFkUNN+x3OgDCiLOUw6PMVLe/S4uRb24PgrKn/eR95R5bxUWDTA2vh16b9V7RE4=',
  signature: 'f51bcde95799c3d5259c80ffa248918a2e226d70',
  message:
    '<xml><ToUserName><![CDATA[wwsim0123456789ab]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1767225600</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_contact]]></Event><ChangeType>update_user</ChangeType><UserID><![CDATA[lin.mei]]></UserID><Name><![CDATA[林梅]]></Name><Department><![CDATA[2,7]]></Department></xml>',
  bytes: 364,
};

export const s3: Vector = {
  name: 'S3 a full block of padding',
  ...own,
  timestamp: '1767225601',
  nonce: 'n0nce',
  encrypted:
    'IcUfbvpKhaEdSeoj4fRoGG9l2JJ3E6Dw8ecid5P0jvSnuVSLpJwQg4XtV3T+qJIkqcysf8k2LzSa6qEgvhwcYHlKnkfgijHLJaXOKDs4hICDu+8gVi+/iKeBFXQN+h6m',
  signature: '2216f7b56bcecd5f361caf9710a79bb4e193a37c',
  message: 'x'.repeat(27),
  bytes: 27,
};

export const vectors: readonly Vector[] = [v1, v2, v3, v4, s1, s2, s3];
