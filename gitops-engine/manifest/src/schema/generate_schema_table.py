#!/usr/bin/env python3
"""Writes the schema table that io.gitops4j.schema.KubernetesSchema reads.

usage: generate_schema_table.py COMPACT.json STRUCTURED_MERGE.json > kubernetes-1.36.txt

COMPACT.json: the definitions of the Kubernetes OpenAPI document (Apache-2.0) reduced to n (names), t (types), g (kinds).
STRUCTURED_MERGE.json: the structured-merge schema of client-go (Apache-2.0) as JSON; gives the defaults of list keys and the
types of kinds that the OpenAPI document no longer has.
"""
import json
import sys

compact = json.load(open(sys.argv[1]))
merge = {t["name"]: t for t in json.load(open(sys.argv[2]))["types"]}
names, types, kinds = compact["n"], compact["t"], compact["g"]
rows = {}


def text(t):
    if isinstance(t, int):
        return "#" + names[t]
    if isinstance(t, list):
        return t[0] + text(t[1])
    return {"?": "U"}.get(t, t)


def key_defaults():
    wanted = {}
    for t in types:
        for v in t.get("f", {}).values():
            if isinstance(v, list) and isinstance(v[1], dict) and v[1].get("l") == "m":
                for key in v[1]["k"]:
                    wanted.setdefault(names[v[0][1]], set()).add(key)
    found = {}
    for name, keys in wanted.items():
        fields = merge.get(name, {}).get("map", {}).get("fields", [])
        for f in fields:
            if f["name"] in keys and "default" in f:
                found[name, f["name"]] = f["default"]
    return found


def zero_values():
    """What the encoded zero value of a kind's Go type holds: structs held by value, and scalars that are always written."""
    zeros = {("io.k8s.api.core.v1.PodSpec", "containers"): None}
    seen = set()

    def walk(name):
        if name in seen or name not in merge:
            return
        seen.add(name)
        for f in merge[name].get("map", {}).get("fields", []):
            if "default" not in f or f["default"] not in ({}, "", 0, False):
                continue
            zeros[name, f["name"]] = f["default"]
            if "namedType" in f["type"]:
                walk(f["type"]["namedType"])

    for name in merge:
        walk(name)
    crd = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition"
    for field in ("metadata", "spec", "status"):
        zeros[crd, field] = {}
    zeros[crd + "Spec", "names"] = {}
    zeros[crd + "Spec", "versions"] = None
    zeros[crd + "Status", "acceptedNames"] = {}
    for field in ("conditions", "storedVersions"):
        zeros[crd + "Status", field] = None
    return zeros


defaults = key_defaults()
zeros = zero_values()
for name, t in zip(names, types):
    if "f" not in t and not name.endswith(".Patch"):
        rows[name] = ("=" + name + " " + {"O": "O", "?": "U", "s": "s", "x": "x"}[t["a"]], [])
        continue
    fields = []
    for field, v in sorted(t.get("f", {}).items()):
        opts = {}
        if isinstance(v, list) and isinstance(v[1], dict):
            v, opts = v
        line = [field, text(v)]
        if "l" in opts:
            line.append("l=" + opts["l"] + (":" + ",".join(opts["k"]) if "k" in opts else ""))
        for letter in "mpg":
            if letter in opts:
                line.append(letter + "=" + opts[letter])
        if (name, field) in defaults:
            line.append("d=" + json.dumps(defaults[name, field]))
        if (name, field) in zeros:
            line.append("z=" + json.dumps(zeros[name, field]))
        fields.append(line)
    rows[name] = ("=" + name + (" a" if t.get("m") == "a" else ""), fields)

# kinds that only the older and newer client library knows
simple = {}
for name in rows:
    simple.setdefault(name.rsplit(".", 1)[1], name)
GROUPS = {"admissionregistration": "admissionregistration.k8s.io", "certificates": "certificates.k8s.io",
          "coordination": "coordination.k8s.io", "discovery": "discovery.k8s.io", "events": "events.k8s.io",
          "flowcontrol": "flowcontrol.apiserver.k8s.io", "networking": "networking.k8s.io", "node": "node.k8s.io",
          "rbac": "rbac.authorization.k8s.io", "resource": "resource.k8s.io", "scheduling": "scheduling.k8s.io",
          "storage": "storage.k8s.io", "storagemigration": "storagemigration.k8s.io", "core": ""}


def merge_text(t):
    if "namedType" in t:
        if t["namedType"].startswith("__untyped"):
            return "U"
        return "#" + t["namedType"]
    if "list" in t and "map" in t:
        return "U"
    if "list" in t:
        return "L" + merge_text(t["list"]["elementType"])
    if "map" in t:
        return "M" + merge_text(t["map"]["elementType"]) if "elementType" in t["map"] else "O"
    return {"string": "s", "numeric": "n", "boolean": "b", "untyped": "U"}[t["scalar"]]


legacy_kinds = []
for name, t in sorted(merge.items()):
    if name in rows or name.startswith("__"):
        continue
    if "map" not in t or "fields" not in t["map"]:
        rows[name] = ("=" + name + " U", [])
        continue
    like = {}
    twin = simple.get(name.rsplit(".", 1)[1])
    if twin:
        like = {f[0]: f for f in rows[twin][1]}
    fields = []
    for f in sorted(t["map"]["fields"], key=lambda f: f["name"]):
        line = [f["name"], merge_text(f["type"])]
        known = like.get(f["name"])
        if known and known[1] in ("s", "i", "b", "n") and line[1] in ("s", "n", "b"):
            line[1] = known[1]
        relation = f["type"].get("list")
        if relation:
            keys = relation.get("keys")
            if relation["elementRelationship"] == "atomic":
                line.append("l=a")
            else:
                line.append("l=m:" + ",".join(keys) if keys else "l=s")
        if known:
            line += [o for o in known[2:] if o[:2] in ("p=", "g=")]
        elif relation and relation["elementRelationship"] != "atomic":
            line += ["p=merge"] + (["g=" + relation["keys"][0]] if relation.get("keys") else [])
        fields.append(line)
    have = {f["name"] for f in t["map"]["fields"]}
    rows[name] = ("=" + name + (" a" if t["map"].get("elementRelationship") == "atomic" else ""), fields)
    parts = name.split(".")
    if {"apiVersion", "kind", "metadata"} <= have and name.startswith("io.k8s.api."):
        group = GROUPS.get(parts[-3], parts[-3])
        legacy_kinds.append(((group + "/" if group else "") + parts[-2], parts[-1], name))

# fields of kept types that only the merge schema has stay out: the OpenAPI document of the version rules
ids = {name: i for i, name in enumerate(sorted(rows))}


def short(t):
    return t if "#" not in t else t[: t.index("#")] + "#" + str(ids[t[t.index("#") + 1:]])


out = ["# Kubernetes 1.36 schema table, generated by src/schema/generate_schema_table.py; format: SchemaTable"]
for name in sorted(rows):
    head, fields = rows[name]
    out.append(head)
    for f in fields:
        out.append(" ".join([f[0], short(f[1])] + f[2:]))
for gvk, index in sorted(kinds.items()):
    group, version, kind = gvk.rsplit("/", 2)
    if kind in ("DeleteOptions", "WatchEvent") and group:
        continue
    out.append("@" + (group + "/" if group else "") + version + " " + kind + " " + str(ids[names[index]]))
for api_version, kind, name in legacy_kinds:
    out.append("~" + api_version + " " + kind + " " + str(ids[name]))
print("\n".join(out))
