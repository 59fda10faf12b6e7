import { formatFiles, logger, updateJson } from '@nx/devkit';

/** What a new connector begins as: real, tested files, so that the template cannot rot. */
const TEMPLATE = 'connectors/example';

/**
 * `npx nx g @trainbridge/tools:connector NAME`: copies the example connector under another name, tests and conformance
 * included. Only where it is called by its name is anything changed.
 *
 * @param {import('@nx/devkit').Tree} tree
 * @param {{ name: string, title?: string, titleZh?: string }} options
 * @throws Error when the name cannot be one, or is taken.
 */
export default async function connectorGenerator(tree, { name, title, titleZh }) {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
    throw new Error(
      `"${name}" cannot be an id: lower-case letters, digits and dashes, beginning with a letter`,
    );
  const folder = `connectors/${name}`;
  if (tree.exists(folder)) throw new Error(`${folder} exists already`);
  const english =
    title ??
    name
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' ');
  const renamed = renamer({ name, english, chinese: titleZh ?? english });
  for (const file of filesBelow(tree, TEMPLATE)) {
    tree.write(file.replace(TEMPLATE, folder), renamed(tree.read(file, 'utf8')));
  }
  // The example is never published; what comes of it may be.
  updateJson(tree, `${folder}/package.json`, (manifest) => ({ ...manifest, private: undefined }));
  await formatFiles(tree);
  return () => logger.info(nextSteps(name));
}

/** @param {import('@nx/devkit').Tree} tree */
function filesBelow(tree, folder) {
  return tree.children(folder).flatMap((child) => {
    const path = `${folder}/${child}`;
    if (child === 'dist' || child === 'node_modules') return [];
    return tree.isFile(path) ? [path] : filesBelow(tree, path);
  });
}

/** Where the example calls itself by its name: its package, its manifest, and nowhere else. */
function renamer({ name, english, chinese }) {
  const changes = [
    ["id: 'example'", `id: '${name}'`],
    ['@trainbridge/connector-example', `@trainbridge/connector-${name}`],
    ["'Acme OA (example)'", JSON.stringify(english)],
    ["'示例 OA'", JSON.stringify(chinese)],
  ];
  return (text) => changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
}

function nextSteps(name) {
  return `
connectors/${name} is a copy of the example, under its new name. Next:
  npm install                                  links the package
  npx vitest run connectors/${name}            its tests and the conformance suite
  TRAINBRIDGE_CONNECTORS=@trainbridge/connector-${name}   loads it (or add a line to apps/host/src/connector-list.ts)
Then make it speak to your platform: docs/writing-a-connector.md goes file by file.`;
}
