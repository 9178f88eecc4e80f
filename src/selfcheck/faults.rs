//! Shows that the cases bite: each is run with a fault in its shader, and has to notice.

use pollster::block_on;

use super::{Case, Finding, cases};
use crate::gpu::{Context, Request, Spec, include};
use crate::ops;

/// Stem, what to look for, what to put in its place: one fault for every branch.
#[rustfmt::skip]
const FAULTS: &[(&str, &str, &str)] = &[
    ("contour/one_hot", "1u << labels[i]", "1u << (labels[i] & 15u)"),
    ("contour/erode", "at + element", "at - element"),
    ("contour/erode", "&= params.outside", "&= 0u"),
    ("contour/erode", "&= params.outside", "&= ~0u"),
    ("contour/erode", "row / extent.y", "0u"),
    ("contour/erode", "all(at >= vec3(0))", "true"),
    ("contour/dilate", "at - element", "at + element"),
    ("contour/dilate", "all(at < vec3<i32>(extent))", "true"),
    ("contour/dilate", "row % extent.y", "0u"),
    ("contour/contour", "& ~smaller", "| ~smaller"),
    ("contour/weight_map", "& params.classes", ""),
    ("contour/weight_map", "params.base + params.lambda", "params.lambda"),
    ("contour/distance_transform", "if differs {", "if differs && offset > 1u {"),
    ("contour/distance_transform", "state_of(place.x - offset * params.step, place.y) != state", "false"),
    ("contour/distance_transform", "differs || state_of", "state_of"),
    ("contour/distance_transform", "params.classes) * params.area", "params.classes) * 0u"),
    ("contour/distance_transform", "f32(offset) * params.spacing", "f32(offset)"),
    ("contour/distance_transform", "!= state { return 0.0; }", "!= state { return before[i]; }"),
    ("contour/distance_transform", "squared >= best", "squared + 3.0 >= best"),
    ("contour/distance_transform", "i - offset * params.stride", "i - offset * params.step"),
    ("contour/distance_transform", "i + offset * params.stride", "i + offset * params.step"),
    ("contour/distance_transform", "if params.last != 0u", "if true"),
    ("contour/distance_transform", "select(best, 0.0, best >= FAR)", "best"),
    ("contour/distance_transform", "params.root != 0u", "true"),
    ("contour/distance_transform", "params.root != 0u", "false"),
    ("contour/signed_distance", " && d > 0.0", ""),
    ("contour/signed_distance", "1.0 - d", "-d"),
    ("contour/signed_distance", "i / params.area % params.classes", "0u"),
    ("contour/near_contour", "contour[i] != 0u", "(contour[i] & 1u) != 0u"),
    ("contour/near_contour", "!on_contour && squared", "squared"),
    ("contour/near_contour", "!on_contour && squared[i] == 0.0", "false"),
    ("contour/near_contour", "select(squared[i], 0.0, on_contour)", "squared[i]"),
    ("contour/near_contour", "2.0 * params.sigma", "params.sigma"),
    ("contour/between_objects", "|| object == found.object", ""),
    ("contour/between_objects", "|| found.next != NO_ROW { return", "{ return"),
    ("contour/between_objects", "if row >= offset", "if false"),
    ("contour/between_objects", "if row + offset < params.height", "if false"),
    ("contour/between_objects", "found.nearest | (found.next << 16u)", "found.nearest"),
    ("contour/between_objects", "offset * offset < best.y", "offset * offset < 2u"),
    ("contour/between_objects", "side == 0u && at < offset", "side == 0u"),
    ("contour/between_objects", "at + offset >= params.width", "true"),
    ("contour/between_objects", "if object == excluded", "if false"),
    ("contour/between_objects", "there = pair >> 16u;", "continue;"),
    ("contour/between_objects", "if squared < best.y", "if true"),
    ("contour/between_objects", "if objects[i] != 0u { return; }", ""),
    ("contour/between_objects", "if one.y == FAR { return; }", "if one.y == FAR { weight[i] = 2.0; return; }"),
    ("contour/between_objects", "if two.y == FAR { return; }", "if two.y == FAR { weight[i] = 2.0; return; }"),
    ("contour/between_objects", "sqrt(f32(two.y))", "sqrt(f32(one.y))"),
    ("loss/softmax", "var largest = x[at]", "return 0.0; var largest = x[at]"),
    ("loss/softmax", "k = 1u; k < params.classes", "k = 1u; k < 2u"),
    ("loss/softmax", "dy[i] - mean", "dy[i]"),
    ("loss/softmax", "most - log_sum", "most"),
    ("loss/softmax", "exp(x[i]) * sum", "sum"),
    ("loss/pixel_terms", "largest = max(largest, logits[at + k * params.pixels])", "largest = 0.0"),
    ("loss/pixel_terms", "value = tables[label] *", "value ="),
    ("loss/pixel_terms", "values[pixel] = vec2(w * value, w * tables[label]);\n}", "values[pixel] = vec2(value, w * tables[label]);\n}"),
    ("loss/pixel_terms", "values[pixel] = vec2(w * value, w * tables[label]);\n}", "values[pixel] = vec2(w * value, tables[label]);\n}"),
    ("loss/pixel_terms", "values[pixel] = vec2(w * value, w * tables[label]);\n        return", "values[pixel] = vec2(value, tables[label]);\n        return"),
    ("loss/pixel_terms", "focus(others / sum)", "1.0"),
    ("loss/pixel_terms", "if params.gamma == 0.0 { return 1.0; }", "if true { return 1.0; }"),
    ("loss/pixel_terms", "params.smoothing * all", "0.0"),
    ("loss/pixel_terms", "(1.0 - params.smoothing)", "1.0"),
    ("loss/pixel_terms", "shifted += logit", "shifted = logit"),
    ("loss/pixel_terms", "select(-logit, logit, k == label)", "logit"),
    ("loss/pixel_terms", "exp(-params.gamma * softplus_of_minus(-s))", "1.0"),
    ("loss/pixel_terms", "value += tables[k] * exp", "value += exp"),
    ("loss/pixel_terms", "value += tables[k] * field[i]", "value += field[i]"),
    ("loss/pixel_terms", "* field[i]", ""),
    ("loss/pixel_terms", "select(miss * miss, p, params.rule == LINEAR)", "p"),
    ("loss/pixel_terms", "select(miss * miss, p, params.rule == LINEAR)", "miss * miss"),
    ("loss/sum", "i < params.count;", "i + params.columns < params.count;"),
    ("loss/sum", "total += block", "total = block"),
    ("loss/region_sums", "on += block_on", "on = block_on"),
    ("loss/region_sums", "off += block_off", "off = block_off"),
    ("loss/region_sums", " >> class_) &", ") &"),
    ("loss/region_sums", "params.split != 0u && ", ""),
    ("loss/region_sums", "vec4(q * t, q", "vec4(q, q"),
    ("loss/region_sums", "t, q * q)", "t, q)"),
    ("loss/region_sums", "pair_cost(label, class_) *", ""),
    ("loss/region_sums", "pair_target(label, class_)", "f32(label == class_)"),
    ("loss/region_ratios", "params.exclude == 0u || ", ""),
    ("loss/region_ratios", "params.exclude == 0u || targets > 0.0", "true"),
    ("loss/region_ratios", "on.z + off.z", "on.z"),
    ("loss/region_ratios", "on.z + off.z", "off.z"),
    ("loss/region_ratios", "vec2(image, image + 1u)", "vec2(0u, 1u)"),
    ("loss/region_ratios", "vec2(class_, class_ + 1u)", "vec2(1u, 2u)"),
    ("loss/region_ratios", "vec2(params.first, params.classes)", "vec2(0u, params.classes)"),
    ("loss/region_ratios", "return 1.0 / pixels;", "return 1.0;"),
    ("loss/region_ratios", "1.0 / pixels / pixels", "1.0 / pixels"),
    ("loss/region_ratios", "pixels * pixels + 1e-3", "pixels * pixels + 1e-1"),
    ("loss/region_ratios", "u = class_weight(fewest)", "u = 0.0"),
    ("loss/region_ratios", "pixels < fewest", "pixels > fewest"),
    ("loss/region_ratios", "params.weighting == 0u || ", ""),
    ("loss/region_ratios", "on += u * class_on", "on += class_on"),
    ("loss/region_ratios", "off += u * class_off", "off += class_off"),
    ("loss/region_ratios", "slope *= share", ""),
    ("loss/region_ratios", "params.exponent - 1.0", "params.exponent"),
    ("loss/region_ratios", "denominator * above / below - numerator", "denominator - numerator"),
    ("loss/region_ratios", "2.0 * d.w", "d.w"),
    ("loss/region_ratios", "/ below / pairs", "/ below"),
    ("loss/region_ratios", "f32((images.y - images.x) * (classes.y - classes.x))", "1.0"),
    ("loss/region_terms", "max(counting, 1.0)", "counting"),
    ("loss/region_terms", "if k >= params.first", "if true"),
    ("loss/region_terms", "row / params.classes, params.by_sample", "0u, params.by_sample"),
    ("loss/region_terms", "select(0u, k - params.first", "select(0u, 0u"),
    ("loss/region_terms", "scale * members[row]", "scale"),
    ("loss/region_terms", "scale * ratios[from_ + 2u].x", "weighted * ratios[from_ + 2u].x"),
    ("loss/region_terms", "select(params.divisor, pixel_sums[1], params.by_weight != 0u)", "params.divisor"),
    ("loss/region_terms", "if params.logarithm != 0u", "if false"),
    ("loss/region_terms", "select(1.0, pixel / mean, mean > 0.0)", "1.0"),
    ("loss/region_terms", "vec2(1.0 / (1.0 + mean),", "vec2(1.0,"),
    ("loss/logit_gradient", "(slope(row, i, k, label, bits, p, scale) - mean)", "slope(row, i, k, label, bits, p, scale)"),
    ("loss/logit_gradient", "select(2u, 0u, on)", "select(0u, 2u, on)"),
    ("loss/logit_gradient", "params.split != 0u && ", ""),
    ("loss/logit_gradient", "abc.y * pair_target(label, k)", "abc.y"),
    ("loss/logit_gradient", "abc.z * cost * p", "abc.z * p"),
    ("loss/logit_gradient", "let region = cost *", "let region ="),
    ("loss/logit_gradient", "* field[i]", ""),
    ("loss/logit_gradient", "scale * tables[k] *", "scale *"),
    ("loss/logit_gradient", "select(2.0 * miss, 1.0", "select(miss, 1.0"),
    ("loss/logit_gradient", "own = tables[label] *", "own ="),
    ("loss/logit_gradient", "own = tables[k] *", "own ="),
    ("loss/logit_gradient", "* weight[pixel]", ""),
    ("loss/logit_gradient", "if params.gamma == 0.0 { return -1.0; }", "if true { return -1.0; }"),
    ("loss/logit_gradient", "steep - pow", "-pow"),
    ("loss/logit_gradient", "params.gamma - 1.0", "params.gamma"),
    ("loss/logit_gradient", "(1.0 - params.smoothing) *", ""),
    ("loss/logit_gradient", "p - 1.0 / f32(params.classes)", "p"),
    ("loss/logit_gradient", "return -focus *", "return -1.0 *"),
    ("loss/logit_gradient", "params.gamma * hit *", "params.gamma *"),
    ("loss/logit_gradient", "sign * sigmoid_slope", "sigmoid_slope"),
    ("loss/pixel_shares", "coefficients[4u * rows].y", "coefficients[4u * rows].x"),
    ("loss/pixel_shares", "* values[pixel].x", "* values[pixel].y"),
    ("loss/pixel_shares", "select(1u, 0u, params", "select(0u, 1u, params"),
    ("loss/pixel_shares", "params.split != 0u && ", ""),
    ("loss/pixel_shares", "coefficients[from_].w + ", ""),
    ("loss/pixel_shares", "pair_cost(label, k) *", ""),
    ("loss/pixel_shares", "vec4(q * t, q, t", "vec4(q, q, t"),
    ("loss/pixel_shares", "sqrt(squares)", "squares"),
    ("loss/pixel_shares", "4u * image * params.pixels", "image * params.pixels"),
    ("loss/threshold", "> 0.5", ">= 0.25"),
    ("loss/threshold", "<< k", "<< 0u"),
    ("loss/distance_powers", "+ power(of_reference[i])", ""),
    ("loss/distance_powers", "pow(distance, params.alpha)", "distance"),
    ("loss/argmax", "logit > largest", "logit >= largest"),
    ("loss/confusion", "predicted * labelled", "predicted"),
    ("loss/confusion", "x += params.strips", "x += params.pixels"),
    ("net/conv1x1", "select(upright, turned, params.turned != 0u)", "upright"),
    ("net/conv1x1", "select(upright, turned, params.turned != 0u)", "turned"),
    ("net/conv1x1", "var values = x[i / 4u]", "var values = x[i / 4u].yxzw"),
    ("net/conv1x1", "var values = dy[i / 4u]", "var values = dy[i / 4u].yxzw"),
    ("net/conv1x1", "values[k] = select(0.0, x", "values[0] = select(0.0, x"),
    ("net/conv1x1", "values[k] = select(0.0, dy", "values[0] = select(0.0, dy"),
    ("net/conv1x1", "if params.has_bias != 0u", "if false"),
    ("net/conv1x1", "if params.has_bias != 0u", "if true"),
    ("net/conv1x1", "y[i] += value", "y[i] = value"),
    ("net/conv1x1", "= s1[k]", "= s0[k]"),
    ("net/conv1x1", "pixel += params.strips * 4u", "pixel += params.size"),
    ("net/conv_transpose2x2", "if params.has_bias != 0u", "if false"),
    ("net/conv_transpose2x2", "if params.has_bias != 0u", "if true"),
    ("net/conv_transpose2x2", "= values.zw", "= values.xy"),
    ("net/conv_transpose2x2", "dx[place] += sums[k]", "dx[place] = sums[k]"),
    ("net/conv_transpose2x2", "plane + min(output + 1u, last)", "plane + output"),
    ("net/conv_transpose2x2", "pixel += params.strips", "pixel += size"),
    ("net/norm", "params.channels / params.groups * params.size", "params.size"),
    ("net/norm", "+ params.eps", ""),
    ("net/norm", "share(strip, group_size()) * d * d", "0.0 * d"),
    ("net/norm", "sum += select(", "sum = select("),
    ("net/norm", "quads * 4u - size", "0u"),
    ("net/norm", "< vec4(size)", "<= vec4(size)"),
    ("net/norm", "values[k] = x_at", "values[0] = x_at"),
    ("net/norm", "values[k] = dy_at", "values[0] = dy_at"),
    ("net/norm", "- s.x) * scale", ") * scale"),
    ("net/norm", "(x_at(i) - s.x) * (s.y", "x_at(i) * (s.y"),
    ("net/norm", "sums += block", "sums = block"),
    ("net/norm", "deviation += d * d;", "deviation = d * d;"),
    ("net/norm", "j < params.size; j += params.strips * 4u", "j < params.size; j += params.size"),
    ("net/norm", "else { y[quad] = dx; }", "else { y[quad] += dx; }"),
    ("net/norm", "w * dy[j] - m.x", "w * dy[j]"),
    ("net/norm", "dy_at(i) - m.x", "dy_at(i)"),
    ("net/norm", "* m.y)", "* 0.0)"),
    ("net/norm", "y[quad] += dx", "y[quad] = dx"),
    ("net/norm", "gradient[channel] +=", "gradient[channel] ="),
    ("net/activation", "v > vec4(0.0)", "v > vec4(-9.0)"),
    ("net/activation", "x[i] > vec4(0.0)", "x[i] >= vec4(0.0)"),
    ("net/activation", "y[i] + dx", "dx"),
    ("net/pool", "if v.x == top { dx.x = slope; }\n        else if v.y == top { dx.y = slope; }", "if v.y == top { dx.y = slope; }\n        else if v.x == top { dx.x = slope; }"),
    ("net/pool", "dy_average[w.output] * 0.25", "dy_average[w.output]"),
    ("net/pool", "y[i] += value", "y[i] = value"),
    ("net/upsample", "column > 0u", "true"),
    ("net/upsample", "select(1.0, 0.75, before)", "0.75"),
    ("net/upsample", "y[i] += value", "y[i] = value"),
    ("net/concat", "+ place - params.first", "+ place"),
    ("net/concat", "+ place - params.first) / 4u", "+ place) / 4u"),
    ("net/concat", "values[k] = joined(i + k)", "values[0] = joined(i + k)"),
    ("net/concat", "values[k] = dy_at(i + k)", "values[0] = dy_at(i + k)"),
    ("net/concat", "y[quad] += values", "y[quad] = values"),
    ("net/channel_sum", "pixel += params.strips", "pixel += params.size"),
    ("net/conv3x3.direct", "select($(t)u, $(8 - t)u, params.turned != 0u)", "$(t)u"),
    ("net/conv3x3.direct", "select($(t)u, $(8 - t)u, params.turned != 0u)", "$(8 - t)u"),
    ("net/conv3x3.direct", "there_$(r) && inside_$(c)", "inside_$(c)"),
    ("net/conv3x3.direct", "there_$(r) && inside_$(c)", "there_$(r)"),
    ("net/conv3x3.direct", "k_$(o)_4 * x_$(r + 1)_$(c + 1)", "k_$(o)_4 * x_$(r + 1)_$(c)"),
    ("net/conv3x3.direct", "input < params.inputs", "input + 1u < params.inputs"),
    ("net/conv3x3.direct", "min(channel + $(o)u, params.outputs - 1u)", "(channel + $(o)u)"),
    ("net/conv3x3.direct", "min(row + $(ROWS - 1 - r)u, params.height - 1u)", "(row + $(ROWS - 1 - r)u)"),
    ("net/conv3x3.direct", "params.has_bias != 0u", "false"),
    ("net/conv3x3.direct", "params.has_bias != 0u", "true"),
    ("net/conv3x3.direct", "return y[i];", "return 0.0;"),
    ("net/conv3x3.direct", "return y[i];", "return 2.0 * y[i];"),
    ("net/conv3x3.direct", "select(params.slope, 1.0, bias[i] > 0.0)", "1.0"),
    ("net/conv3x3.direct", "max(total, params.slope * total)", "total"),
    ("net/conv3x3.winograd", "select(t, 8u - t, params.turned != 0u)", "t"),
    ("net/conv3x3.winograd", "select(t, 8u - t, params.turned != 0u)", "8u - t"),
    ("net/conv3x3.winograd", "channels <= vec4(last)", "vec4(true)"),
    ("net/conv3x3.winograd", "0.5 * (r_$(r)_0 - r_$(r)_1", "0.5 * (r_$(r)_0 + r_$(r)_1"),
    ("net/conv3x3.winograd", "there_$(r) && inside_$(c)", "inside_$(c)"),
    ("net/conv3x3.winograd", "there_$(r) && inside_$(c)", "there_$(r)"),
    ("net/conv3x3.winograd", "b_$(r)_$(2 * s + 1) - b_$(r)_$(2 * s + 3)", "b_$(r)_$(2 * s + 1)"),
    ("net/conv3x3.winograd", "input < params.inputs; input++) {\n        let plane", "input + 1u < params.inputs; input++) {\n        let plane"),
    ("net/conv3x3.winograd", "min(row + $(1 - r)u, params.height - 1u)", "(row + $(1 - r)u)"),
    ("net/conv3x3.winograd", "params.has_bias != 0u", "false"),
    ("net/conv3x3.winograd", "return y[i];", "return 0.0;"),
    ("net/conv3x3.winograd", "select(params.slope, 1.0, bias[i] > 0.0)", "1.0"),
    ("net/conv3x3.winograd", "max(total, params.slope * total)", "total"),
    ("net/conv3x3.tiled", "select(t, 8u - t, params.turned != 0u)", "t"),
    ("net/conv3x3.tiled", "select(t, 8u - t, params.turned != 0u)", "8u - t"),
    ("net/conv3x3.tiled", "channels <= vec4(last)", "vec4(true)"),
    ("net/conv3x3.tiled", "row < 0 || ", ""),
    ("net/conv3x3.tiled", "row >= i32(params.height) || ", ""),
    ("net/conv3x3.tiled", "column < 0 || ", ""),
    ("net/conv3x3.tiled", "return x[i / 4u];", "return x[i / 4u].yxzw;"),
    ("net/conv3x3.tiled", "left > 1u), ", "left > 2u), "),
    ("net/conv3x3.tiled", "left > 1u),\n", "left > 2u),\n"),
    ("net/conv3x3.tiled", "vec4(b_$(r).yzw, pixels[at_$(r) + 2u].x)", "vec4(b_$(r).yzw, 0.0)"),
    ("net/conv3x3.tiled", "if input < params.inputs { values", "if input + 1u < params.inputs { values"),
    ("net/conv3x3.tiled", "if q < there", "if q + 18u < there"),
    ("net/conv3x3.tiled", "first < params.inputs; first += ", "first < 1u; first += "),
    ("net/conv3x3.tiled", "if column + 1u < params.width", "if column + 2u < params.width"),
    ("net/conv3x3.tiled", "|| row >= params.height ||", "||"),
    ("net/conv3x3.tiled", "select(0.0, bias[output / 4u][output % 4u], params.has_bias != 0u)", "0.0"),
    ("net/conv3x3.tiled", "select(0.0, bias[output], params.has_bias != 0u)", "0.0"),
    ("net/conv3x3.tiled", "let total = y[i] + value;", "let total = value;"),
    ("net/conv3x3.tiled", "select(QUAD(params.slope), QUAD(1.0), bias[i] > QUAD(0.0))", "1.0"),
    ("net/conv3x3.tiled", "max(total, params.slope * total)", "total"),
    ("net/conv3x3.direct_weight", "start > 0u && inside_$(c)", "inside_$(c)"),
    ("net/conv3x3.direct_weight", "start > 0u && inside_$(c)", "start > 0u"),
    ("net/conv3x3.direct_weight", "is_next && inside_$(c)", "inside_$(c)"),
    ("net/conv3x3.direct_weight", "is_next && inside_$(c)", "is_next"),
    ("net/conv3x3.direct_weight", "column_$(c + 1)], inside_$(c + 1))", "column_$(c + 1)], true)"),
    ("net/conv3x3.direct_weight", "row < end; row++", "row + 1u < end; row++"),
    ("net/conv3x3.direct_weight", "d_$(o)_7 * here_$(n)_$(t + 7)", "d_$(o)_7 * here_$(n)_$(t + 6)"),
    ("net/conv3x3.direct_weight", "above_$(n)_$(c) = here_$(n)_$(c);", ""),
    ("net/conv3x3.direct_weight", "if input == 0u && params.bias_at > 0u", "if params.bias_at > 0u"),
    ("net/conv3x3.direct_weight", "if input == 0u && params.bias_at > 0u", "if false"),
    ("net/conv3x3.tiled_weight", "at.x >= 0 && ", ""),
    ("net/conv3x3.tiled_weight", "&& at.y < i32(params.height)", ""),
    ("net/conv3x3.tiled_weight", "return x[i / 4u];", "return x[i / 4u].yxzw;"),
    ("net/conv3x3.tiled_weight", "return dy[i / 4u];", "return dy[i / 4u].yxzw;"),
    ("net/conv3x3.tiled_weight", "return vec4(x[i], select(0.0, x[min(i + 1u, i + left - 1u)], left > 1u)", "return vec4(x[i], select(0.0, x[min(i + 1u, i + left - 1u)], true)"),
    ("net/conv3x3.tiled_weight", "channel < params.outputs && ", ""),
    ("net/conv3x3.tiled_weight", "vec4(b_$(r).yzw, pixels[here + $(6 * r + 2)u].x)", "vec4(b_$(r).yzw, 0.0)"),
    ("net/conv3x3.tiled_weight", "block += params.strips", "block += 2u * params.strips"),
    ("net/conv3x3.tiled_weight", "bias_$(o) += d_$(o)", "bias_$(o) = d_$(o)"),
    ("net/conv3x3.tiled_weight", "if input + mine == 0u && params.bias_at > 0u", "if false"),
    ("net/partial_sum", "select(i + params.gap, i, i < params.first)", "i"),
    ("net/partial_sum", "sum[i] +=", "sum[i] ="),
    ("net/partial_sum", "&& strip < params.strips", "&& strip + 1u < params.strips"),
    ("net/partial_sum", "total += block", "total = block"),
    ("optim/adam", "params.weight_decay * p", "0.0"),
    ("optim/adam", "params.shrink * p", "0.0"),
    ("optim/adam", "+ params.eps", ""),
    ("optim/adam", "params.correction1", "1.0"),
    ("optim/adam", "params.correction2", "1.0"),
    ("optim/sgd", "params.nesterov != 0u", "true"),
    ("optim/sgd", "params.nesterov != 0u", "false"),
    ("optim/sgd", "params.momentum * buffer[i]", "0.0"),
    ("view/slice", "params.smooth_ != 0u", "false"),
    ("view/slice", "params.smooth_ != 0u", "true"),
    ("view/slice", "clamp(column, 0,", "clamp(column, 1,"),
    ("view/slice", "any(voxel < vec2<f32>(0.0))", "false"),
    ("view/slice", "any(voxel >= size)", "false"),
    ("view/overlay", "& params.visible", ""),
    ("view/overlay", "firstTrailingBit(here)", "firstLeadingBit(here)"),
    ("view/overlay", "STRIPE = 4", "STRIPE = 5"),
    ("view/overlay", ", params.opacity", ", 1.0"),
    ("view/outline", "& params.visible", ""),
    ("view/outline", "!is_border(x, y, here)", "false"),
    ("view/outline", "dx = -w", "dx = 0"),
    ("view/outline", "params.dash != 0u && ", ""),
    ("view/outline", "color = BLACK", "color = 0u"),
    ("view/heatmap", "* 255.0 + 0.5", "* 254.0 + 0.5"),
    ("view/heatmap", "values[voxel] - params.low", "values[voxel]"),
    ("limits/multiply_add", "turn < params.turns", "turn < 1u"),
    ("limits/multiply_add", "turn < params.turns", "turn <= params.turns"),
    ("limits/multiply_add", "f32(i % 64u)", "f32(i)"),
    ("limits/multiply_add", "+ c) * b + c;", ") * b + c;"),
    ("limits/multiply_add", "a7 = eight(a7, b, c);", "a7 = eight(a6, b, c);"),
    ("limits/multiply_add", "a11 = start + 11.0", "a11 = start + 10.0"),
];

/// The finding of `case` where every one of its entry points is compiled from `text`.
fn run_faulty(case: Case, text: &str) -> Finding {
    let context = block_on(Context::poisoned(Request::Software)).unwrap();
    for spec in ops::all().into_iter().filter(|spec| spec.stem == case.name) {
        // A context keeps what it compiled first under a stem and an entry point.
        let faulty = context.kernel(&Spec {
            source: String::leak(text.to_owned()),
            ..*spec
        });
        faulty.compile(&context);
    }
    assert_eq!(
        context.fault(),
        None,
        "{}: the faulty shader does not compile",
        case.name
    );
    block_on(case.run(&context)).unwrap()
}

/// A case's shader with its imports in front.
fn text(case: Case) -> String {
    let spec = ops::all().into_iter().find(|spec| spec.stem == case.name);
    let text = include(spec.unwrap().source);
    text.lines()
        .filter(|line| !line.starts_with("//#import"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn ops_cases() -> Vec<Case> {
    let is_op = |case: &Case| ops::all().iter().any(|spec| spec.stem == case.name);
    cases().into_iter().filter(is_op).collect()
}

#[test]
fn every_case_notices_a_fault_in_each_branch() {
    let mut unnoticed = Vec::new();
    for (stem, from, to) in FAULTS {
        let case = ops_cases().into_iter().find(|case| case.name == *stem).unwrap();
        let text = text(case);
        if !text.contains(from) {
            unnoticed.push(format!("{stem} has no `{from}`"));
            continue;
        }
        if run_faulty(case, &text.replacen(from, to, 1)).agrees() {
            unnoticed.push(format!("{stem}: `{from}` → `{to}`"));
        }
    }
    assert!(unnoticed.is_empty(), "unnoticed:\n{}", unnoticed.join("\n"));
    for case in ops_cases() {
        assert!(
            FAULTS.iter().any(|(stem, ..)| *stem == case.name),
            "no fault for {}",
            case.name
        );
    }
}

/// In each entry point alone, the first invocation is left out.
#[test]
fn every_case_notices_one_element_that_no_invocation_computes() {
    // A workgroup that works together counts for one.
    let indices = ["flat_index(id, groups);", "group_index(id, groups);"];
    for case in ops_cases() {
        let text = text(case);
        let places: Vec<(usize, &str)> = indices
            .iter()
            .flat_map(|index| text.match_indices(index))
            .collect();
        assert!(!places.is_empty(), "{} has no index", case.name);
        assert!(run_faulty(case, &text).agrees(), "{} without a fault", case.name);
        for (place, index) in places {
            let faulty = [
                &text[..place],
                &index.replace(';', " + 1u;"),
                &text[place + index.len()..],
            ]
            .concat();
            let finding = run_faulty(case, &faulty);
            assert!(!finding.agrees(), "{finding:?} at byte {place}");
        }
    }
}
