// node schemas.js NODE_MODULES FOLDER: compares Terraform files with the providers' own schemas, as the bindings that HashiCorp
// generated from them (@cdktf/provider-*) declare them. One JSON line: what was compared, and what does not fit.
const fs = require("fs");
const path = require("path");

const [modules, folder] = process.argv.slice(2);
const { parse } = require(path.join(modules, "@cdktf/hcl2json"));
const META = new Set(["count", "for_each", "depends_on", "lifecycle", "provider", "dynamic", "alias"]);

function declarations(directory) {
  const found = new Map();
  for (const file of fs.readdirSync(directory, { recursive: true })) {
    if (!String(file).endsWith(".d.ts")) continue;
    const text = fs.readFileSync(path.join(directory, String(file)), "utf8");
    for (const [, name, body] of text.matchAll(/export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g)) {
      const fields = new Map();
      for (const [, field, optional, type] of body.matchAll(/readonly (\w+)(\??): ([^;]+);/g)) {
        fields.set(field, { optional: optional === "?", type: type.replace(/\[\]| \| cdktf\.IResolvable|[()]/g, "").trim() });
      }
      found.set(name, fields);
    }
  }
  return found;
}

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const pascal = (name) => camel("_" + name);

const result = { blocks: 0, attributes: 0, wrong: [] };

function compare(where, body, fields, all) {
  result.blocks++;
  for (const [name, value] of Object.entries(body)) {
    if (META.has(name)) continue;
    result.attributes++;
    const field = fields.get(camel(name));
    if (!field) {
      result.wrong.push(`${where} has no ${name}`);
      continue;
    }
    const inner = all.get(field.type);
    if (inner && Array.isArray(value)) value.forEach((block) => compare(`${where}.${name}`, block, inner, all));
    if (inner && !Array.isArray(value)) result.wrong.push(`${where}.${name} is a block`);
  }
  for (const [name, field] of fields) {
    if (!field.optional && !Object.keys(body).some((given) => camel(given) === name)) {
      result.wrong.push(`${where} needs ${name}`);
    }
  }
}

(async () => {
  for (const file of fs.readdirSync(folder, { recursive: true })) {
    if (!String(file).endsWith(".tf")) continue;
    const parsed = await parse(String(file), fs.readFileSync(path.join(folder, String(file)), "utf8"));
    for (const [kind, prefix] of [["resource", ""], ["data", "data_"]]) {
      for (const [type, named] of Object.entries(parsed[kind] ?? {})) {
        const provider = type.slice(0, type.indexOf("_"));
        const name = prefix ? `data_${type}` : type.slice(provider.length + 1);
        const all = declarations(path.join(modules, `@cdktf/provider-${provider}/lib`, name.replace(/_/g, "-")));
        const fields = all.get(pascal(name) + "Config");
        if (!fields) throw new Error(`no declaration of ${type}`);
        for (const [label, bodies] of Object.entries(named)) {
          bodies.forEach((body) => compare(`${file}: ${kind} ${type}.${label}`, body, fields, all));
        }
      }
    }
    for (const [name, bodies] of Object.entries(parsed.provider ?? {})) {
      const all = declarations(path.join(modules, `@cdktf/provider-${name}/lib/provider`));
      bodies.forEach((body) => compare(`${file}: provider ${name}`, body, all.get(pascal(name) + "ProviderConfig"), all));
    }
  }
  console.log(JSON.stringify(result));
})();
