// The workloads' UNet as an ONNX model: the few messages of onnx.proto that it takes, field numbers beside them.
import { IN_EPS, hwioToOihw, initWeights } from "../../www/bench/workloads.js";

const FLOAT = 1, INT = 2, STRING = 3, INTS = 7; // AttributeProto.AttributeType; FLOAT is TensorProto's too.
const IR_VERSION = 8, OPSET = 13;

/** Little-endian base 128. Numbers here are not negative. */
function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return [...bytes, number];
}

function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

const VARINT = 0, BYTES = 2, FIXED32 = 5;
const key = (field, type) => varint(field * 8 + type);
const int = (field, number) => joined([key(field, VARINT), varint(number)]);
const bytes = (field, content) => joined([key(field, BYTES), varint(content.length), content]);
const text = (field, words) => bytes(field, new TextEncoder().encode(words));
const float = (field, number) => joined([key(field, FIXED32), new Uint8Array(Float32Array.of(number).buffer)]);
const message = (field, ...fields) => bytes(field, joined(fields));

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9. */
const initializer = (name, dims, values) => message(5, ...dims.map((dim) => int(1, dim)), int(2, FLOAT), text(8, name), bytes(9, new Uint8Array(Float32Array.from(values).buffer)));

/** AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20. */
function attribute([name, value]) {
  const content = Array.isArray(value) ? [...value.map((one) => int(8, one)), int(20, INTS)]
    : typeof value === "string" ? [text(4, value), int(20, STRING)]
      : Number.isInteger(value) ? [int(3, value), int(20, INT)]
        : [float(2, value), int(20, FLOAT)];
  return message(5, text(1, name), ...content);
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
const node = (operator, inputs, output, attributes = {}) => message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, operator), ...Object.entries(attributes).map(attribute));

/** ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its elem_type 1, shape 2; dim 1; dim_value 1. */
const value = (field, name, dims) => message(field, text(1, name), message(2, message(1, int(1, FLOAT), message(2, ...dims.map((dim) => message(1, int(1, dim)))))));

/** Images (N, C, H, W) named `images` to `sum`, that of all logits. */
export function unet(spec) {
  const { N, H, W, cin, widths, norm } = spec, convs = initWeights(spec), nodes = [], constants = [initializer("twice", [4], [1, 1, 2, 2])];
  let count = 0;
  const add = (operator, inputs, attributes) => {
    const output = `${operator}${count++}`;
    nodes.push(node(operator, inputs, output, attributes));
    return output;
  };
  const constant = (name, dims, values) => {
    constants.push(initializer(name, dims, values));
    return name;
  };
  const conv = (x) => {
    const { name, k, cin: from, cout, w, b, act } = convs.shift(), pad = (k - 1) / 2;
    const weight = constant(`${name}.w`, [cout, from, k, k], hwioToOihw(w, k, from, cout)), bias = constant(`${name}.b`, [cout], b);
    let y = add("Conv", [x, weight, bias], { kernel_shape: [k, k], pads: [pad, pad, pad, pad] });
    if (!act) return y;
    if (norm) {
      const [scale, shift] = [constant(`${name}.g`, [cout], b.map(() => 1)), constant(`${name}.h`, [cout], b.map(() => 0))];
      y = add("InstanceNormalization", [y, scale, shift], { epsilon: IN_EPS });
    }
    return add("Relu", [y]);
  };
  const skips = [];
  let h = "images";
  widths.forEach((_, level) => {
    if (level) h = add("MaxPool", [h], { kernel_shape: [2, 2], strides: [2, 2] });
    h = conv(conv(h));
    skips.push(h);
  });
  skips.pop();
  while (skips.length) {
    h = add("Resize", [h, "", "twice"], { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" });
    h = conv(conv(add("Concat", [h, skips.pop()], { axis: 1 })));
  }
  nodes.push(node("ReduceSum", [conv(h)], "sum", { keepdims: 0 }));
  // GraphProto: node 1, name 2, initializer 5, input 11, output 12. ModelProto: ir_version 1, graph 7, opset_import 8 (version 2).
  const graph = message(7, ...nodes, text(2, "unet"), ...constants, value(11, "images", [N, cin, H, W]), value(12, "sum", []));
  return joined([int(1, IR_VERSION), graph, message(8, int(2, OPSET))]);
}
