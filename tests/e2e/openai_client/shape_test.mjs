// The shape comparison itself: it must fail for a missing field, a wrong type and an unknown field.
import assert from "node:assert/strict";
import test from "node:test";
import { model, usage } from "./api_shapes.mjs";
import { differences } from "./shape.mjs";

const good = { id: "m", object: "model", created: 1, owned_by: "x" };

test("a right object has no differences", () => assert.deepEqual(differences(good, model), []));

test("each field is missed", () => {
  for (const field of Object.keys(good)) {
    const { [field]: _, ...rest } = good;
    assert.deepEqual(differences(rest, model), [`$.${field}: missing`]);
  }
});

test("wrong types, unknown fields and wrong literals are found", () => {
  assert.equal(differences({ ...good, created: "1" }, model).length, 1);
  assert.equal(differences({ ...good, created: 1.5 }, model).length, 1);
  assert.equal(differences({ ...good, object: "list" }, model).length, 1);
  assert.equal(differences({ ...good, more: 1 }, model).length, 1);
  assert.equal(differences([], [model]).length, 1);
  assert.equal(differences({}, usage).length, 5);
});
