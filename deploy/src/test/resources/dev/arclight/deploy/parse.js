// node parse.js NODE_MODULES FOLDER: the folder's .tf and .tfvars files as JSON, by name.
const fs = require("fs");
const path = require("path");

const [modules, folder] = process.argv.slice(2);
const { parse } = require(path.join(modules, "@cdktf/hcl2json"));

(async () => {
  const parsed = {};
  for (const file of fs.readdirSync(folder)) {
    if (!/\.(tf|tfvars)$/.test(file)) continue;
    try {
      parsed[file] = await parse(file, fs.readFileSync(path.join(folder, file), "utf8"));
    } catch (error) {
      parsed[file] = { refused: String(error) };
    }
  }
  console.log(JSON.stringify(parsed));
})();
