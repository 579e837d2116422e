// Holds Kubernetes objects (a JSON array on standard input) against their schemas and prints one line for each fault, or nothing.
// The compiled schemas read the fields they know and pass over the others in silence, so each object is handed to them
// behind a proxy that notes what was read: a field that nobody asked for is one that the API server does not know.
import { text } from "node:stream/consumers";

const objects = JSON.parse(await text(process.stdin));
for (const object of objects) {
  const name = `${object.kind}/${object.metadata?.name}`;
  const model = await modelOf(object);
  if (!model) {
    console.log(`${name}: no schema of ${object.apiVersion} ${object.kind} is known`);
    continue;
  }
  const unread = [];
  try {
    // Not through the constructor, which would copy every field and so read it.
    model.prototype.validate.call(watched(object, "", unread));
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
  for (const field of unread.flatMap((list) => list())) console.log(`${name}: ${field} is not a field of the schema`);
}

async function modelOf({ apiVersion, kind }) {
  const base = apiVersion.startsWith("keda.sh/") ? "@kubernetes-models/keda" : "kubernetes-models";
  try {
    return (await import(`${base}/${apiVersion}/${kind}`))[kind];
  } catch {
    return undefined;
  }
}

function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const read = new Set();
  const children = new Map();
  let walked = Array.isArray(value);
  if (!walked) unread.push(() => (walked ? [] : Object.keys(value).filter((key) => !read.has(key)).map((key) => `${path}/${key}`)));
  return new Proxy(value, {
    get(target, key) {
      read.add(key);
      if (!Object.hasOwn(target, key)) return target[key];
      if (!children.has(key)) children.set(key, watched(target[key], `${path}/${key}`, unread));
      return children.get(key);
    },
    ownKeys(target) {
      walked = true;
      return Reflect.ownKeys(target);
    },
  });
}
