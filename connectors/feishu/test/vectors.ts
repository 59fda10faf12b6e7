/** Known answers: published by the vendor and by authors of clients (V), and our own with a fixed initialisation vector (A, B). */
export interface Vector {
  id: string;
  encryptKey: string;
  encrypt: string;
  plaintext: string;
  timestamp: string;
  nonce: string;
  signature: string;
  plaintextBytes: number;
  plaintextSha256: string;
  bodyBytes: number;
}

export const vectors: readonly Vector[] = [
  {
    id: 'V1',
    encryptKey: 'test key',
    encrypt: 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=',
    plaintext: 'hello world',
    timestamp: 'timestamp',
    nonce: 'nonce',
    signature: '33141616902209ee7049eef3a197d5f2c5e452cbbb65a3ad6eac529a5ba85a0d',
    plaintextSha256: 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    plaintextBytes: 11,
    bodyBytes: 58,
  },
  {
    id: 'V2',
    encryptKey: '1212121212',
    encrypt:
      'bZ3L7yh6m3Fkuffl4g+3uGjIHnhOm5fVZbKVuyT8t7tcd5ABMYm8l28/X900ZL3knZ7n+sCREu/H2WnIzft0amC7+xWqNH8o25IU63N4BnZWfHh+4hyG76QPd19vkw2bPJCx9aqxK8Nz+xqFNbk0RdgyWhmgd30jSxHtcQXAllkI7FMpGpOCteJad3bLXPDBQIV/xkCtKICCS7Z63gakpxZCLaRZ3qCXP1fapHh+LBIupxenrU6ysc7I3nHmjmKie41IiWwS5puG4zQHhVbq6KWLcgWm/3NBZOPQy53ucMu75SXA55I7jarVLZXWUcqBGrcgE3vouWbtwgZuzmoTQl0GSh5VYSVvpW992BuGxUWj0XjPYdICJm6Cr7xouNXwMcdb7N8caVdkdSZeEnswG19qSyDoQhklwzNGW0yiaayulBqJNjfge/G5V3401c2XaIuAeEIo+QQ4RSNpRGfnHkbu/j55FGQAGWjpuBNaIwZbaUoVP3NkGP+vM5rpEDe3sL2GN+Xsd+g9yBs7FqdMV8mXTGgLjCqjrPrke5/km76Q3Pe6KPs2YexMRG4MkSx3xUTzZnNn7zIzShPcjeSwBd2pxk6ht5N+fzueZdxl6Oo=',
    plaintext:
      '{"schema":"2.0","header":{"event_id":"f7984f25108f8137722bb63cee927e66","event_type":"contact.user.created_v3","app_id":"cli_xxxxxxxx","tenant_key":"xxxxxxx","create_time":"1603977298000000","token":"v"},"event":{"object":{"open_id":"ou_7dab8a3d3cdcc9da365777c7ad535d62","union_id":"on_576833b917gda3d939b9a3c2d53e72c8","user_id":"e33ggbyz","name":"张三","employee_no":"employee_no"}},"challenge":"1212","type":"url_verification"}',
    timestamp: 'timestamp',
    nonce: 'nonce',
    signature: '1de634ba0ac553ad514aa389b0c20cff1a14dd1f8aa79128f69f004c5a1130ad',
    plaintextSha256: '7667cdc5638a16dab7690ac4866e6afad8f7e53ce8207b334fd85159e1a99e92',
    plaintextBytes: 432,
    bodyBytes: 634,
  },
  {
    id: 'V3',
    encryptKey: 'mazhe.nerd',
    encrypt:
      'tT1xP+ovuc0T3b/rnZX3ax76exqAn0ANQ6/U45GcciC0mgNBc8JtvqOJGNAPMKpgRs2dVU1NYk9VDeqS8T4SYtU0hzNU54aS84WnxvZ3VFfDcy/RyABlNqlUiGyLDzFI0yxdCMT4KR/YEQXlt6nZi50KwRlZ+A75r645KesZuLMljezYyY8VeeXEVjPw35+e',
    plaintext:
      '{"challenge":"5634b122-c042-4634-bc7f-b07a3c3e77ad","token":"iRdCP2WwXNBXRM3mGLqhrgch3cn0gbT6","type":"url_verification"}',
    timestamp: 'timestamp',
    nonce: 'nonce',
    signature: '6194217d10d8a05b960d820533ff85784d0d0193db63b8009f853f0811c9ac97',
    plaintextSha256: '1be20043d0cda301d193bb703edae90e4bce74648f8c28d5aef330abd37771b9',
    plaintextBytes: 121,
    bodyBytes: 206,
  },
  {
    id: 'V4',
    encryptKey: '1212121212',
    encrypt:
      'skWvX8Axk7YyrhK3txTfY1JWb20wu1gG60eDMQTVJ15mOLfrpJtJ44x/hYqyvqUMt7I8/QtvhESdPyvNkyK0s01vkoFTkBLwI8By7k64mhnXjkJFxav8ymw3rOEtQsmb6YdTuOEkK1SotRI10yeE23mp4zCZOL2/kc9pe/gUIBHPNRAxrLexsxrarGYub7ZI0mCIN1mcyeq3hYzIrComr6gvIIFcVGYNbT10vJUSo11aw6rQ03xu1PP6vXIbUDOxWtklqi6vgIs34v2GBefe0TXOePP7LK1Li3wVKlD5i9lyagICCCDb23R8pM0jOB1CRMMt05kNRV3ITF6bYra/vtVwaABfczC2uisP6cHPoD06HZyUPUOMwCjQVQOorD4qkwrbbH2c4UIw/Ir0EC2WuIc2vyWbVzkoXXRlUwZljYfchzEpNjKL+RkEE0H4N1m3r4EahyCYIKqvapUD4fAT7cbZlrsFDzP96GFGChXXelwW9PW0zWgeDf1onjIaNx10HY3C/mi7dejRN6eRotZ9XI29VgI/2tXZnRcvwmxCGf/jh5+T42MF8S4gS4oLeIJtw5dc//bgC14TttrwyqbZcFyN4v2yX+0peN+G8F4r/VY=',
    plaintext:
      '{"schema":"2.0","header":{"event_id":"f7984f25108f8137722bb63cee927e66","event_type":"contact.user.created_v3","app_id":"cli_xxxxxxxx","tenant_key":"xxxxxxx","create_time":"1603977298000000","token":"v"},"event":{"object":{"open_id":"ou_7dab8a3d3cdcc9da365777c7ad535d62","union_id":"on_576833b917gda3d939b9a3c2d53e72c8","user_id":"e33ggbyz","name":"张三","employee_no":"employee_no"}},"challenge":"1212","type":"url_verification1"}',
    timestamp: 'timestamp',
    nonce: 'nonce',
    signature: 'e234305827d4bd03a4d4cd59280d9cacdbcb5787038666a4cfe8bad2fae203fa',
    plaintextSha256: '1c134cf6f843011b8e1c56f94cd2cb637908c074fff0c01b554ad084ce27c9e1',
    plaintextBytes: 433,
    bodyBytes: 634,
  },
  {
    id: 'A',
    encryptKey: 'kat-encrypt-key-01',
    encrypt:
      'AAECAwQFBgcICQoLDA0OD1QYxPSJo5BXtk+qSHMFpqQ5IWCcVgbh9E9OiPp38RBFkFpEnIueXdxWXb043GTOCSHM+OEaS/Miqw8dTCWEf1EMSZVnAMGkIYBnIWgkoLhe',
    plaintext: '{"challenge":"c-001","token":"vt-001","type":"url_verification"}',
    timestamp: '1700000000',
    nonce: 'nonce-kat-1',
    signature: 'ab11db7e46b411ce9436c3f94cbad459b4ce44e39bedbce463c873a9a5fbf3f0',
    plaintextSha256: 'c3e18cd55f76e97e52d2e8db526d4610dca8a2f5459bf0d6a1c660f995c11913',
    plaintextBytes: 64,
    bodyBytes: 142,
  },
  {
    id: 'B',
    encryptKey: 'kat-encrypt-key-01',
    encrypt:
      'AAECAwQFBgcICQoLDA0OD0taiZmGMoFdKTpUwiDe42XcEQSso11NS0L2gKwxgcJj7CmUeF8xQXQ2Y16oGVtv+tFPj3VaKgtq8GtWlNslMtcRC3DVxYKrtvVhN4VomKZryLgYvUYC8P1ALjrDyE5kI+QjFEwIAwrpLWatdjJVBKm2vSLoIocha/b8NXct0RG58rpRqinOQexENneAL3CvMRmWmuW2nFUaHlufr6Edv3IlINDUGySnxp5HerA2Z4xhu5smrSzz+Kaysv2gmIbUbK91Pp28BBmdVYc0QUoVhdCeOfxojmt3KXuB/AbGazbqSbu6iSnxDL89l+upAxdwWj93iQeqXqA/7EBfaPWuPbxHXPP+4PRRh1naZwhhqQMY4CcNFmDo6Px7MAzJDBm0oV4LR/qhojPNCrrS+iCwh1E=',
    plaintext:
      '{"schema":"2.0","header":{"event_id":"evt-kat-2","event_type":"contact.user.deleted_v3","create_time":"1700000000000","token":"vt-001","app_id":"cli_kat","tenant_key":"tk_kat"},"event":{"object":{"open_id":"ou_kat","name":"张三"},"old_object":{"open_id":"ou_kat","department_ids":["od-kat"]}}}',
    timestamp: '1700000123',
    nonce: 'n-2',
    signature: '16b8b426a725bc4c73c68d98411b449d19e8c9b142c9446b18175b5cae1215a1',
    plaintextSha256: '3859a8f4f20cc4fdf1a3427a85242e0509e083d0a198818a74a55e208166ce20',
    plaintextBytes: 295,
    bodyBytes: 442,
  },
];

/** By its id. */
export function vector(id: string): Vector {
  const found = vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no vector ${id}`);
  return found;
}

/** The body exactly as it is signed. */
export function bodyOf({ encrypt }: Vector): string {
  return `{"encrypt":"${encrypt}"}`;
}

/** A signature over a body that is not what JSON would be written as again. */
export const rawBody = {
  encryptKey: 'kat-encrypt-key-01',
  timestamp: '1700000200',
  nonce: 'n-3',
  body: '{"schema": "2.0", "n": 1.0}',
  signature: '9f8ad1b28de37b23b45301bb5ff3466ffb91edfb064f057d76113bc86e9f18c1',
  ofRewritten: 'bcf22812fba8588423360915cf1ea599b7b1088b0f2847ec321ae5e3af94d0a0',
};
