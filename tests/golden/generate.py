#!/usr/bin/python3
"""Writes what PyTorch makes of the layer tests' networks to the headers beside this file.

Needs PyTorch (made with 1.13). Inputs and weights follow from integers as in numbers.hpp; inputs are channels last here
as there, so that "element i" means the same.
"""
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional as F

# ---- numbers.hpp

INPUT_SEED = 1000


def numbers(seed, size):
    h = numpy.arange(size, dtype=numpy.uint32) * numpy.uint32(0x9E3779B1)
    h += numpy.uint32((seed * 0x85EBCA77 + 1) & 0xFFFFFFFF)
    h ^= h >> 15
    h *= numpy.uint32(0x2C1B3C6D)
    h ^= h >> 12
    return (h % 2001).astype(numpy.int32).__sub__(1000).astype(numpy.float32) / numpy.float32(500)


def wide_numbers(seed, size):
    magnitude = numpy.array([0.0078125, 0.5, 4.0, 50.0], dtype=numpy.float32)
    return numbers(seed, size) * numpy.resize(magnitude, size)


def fill(module):
    names = []
    for name, tensor in module.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        values = numbers(len(names), tensor.numel())
        if name.endswith("running_var"):
            values = numpy.float32(0.5) + abs(values)
        elif tensor.dim() > 1:
            scale = 1
            while scale * scale < tensor.numel() // tensor.shape[0]:
                scale *= 2
            values = values / numpy.float32(scale)
        tensor.copy_(torch.from_numpy(values).reshape(tensor.shape))
        names.append(name)
    return names


# ---- cases

files = {}
current = None


def file(name):
    global current
    current = files.setdefault(name, [])


def channels_last(tensor):
    return tensor[0].movedim(0, -1).contiguous().flatten()


def case(name, shape, module, wide=False):
    """shape as the library writes it: (height, width, channels), (length, channels) or (channels,)."""
    size = int(numpy.prod(shape))
    flat = (wide_numbers if wide else numbers)(INPUT_SEED, size)
    x = torch.from_numpy(flat).reshape(shape).movedim(-1, 0).contiguous()[None]
    with torch.no_grad():
        names = fill(module)
        y = channels_last(module.eval()(x))
    assert torch.isfinite(y).all() and y.abs().max() > 0, name
    current.append((name, names, y.numpy()))


def write():
    for stem, cases in files.items():
        lines = [
            "// Written by generate.py: outputs of PyTorch.",
            "// clang-format off",
            "#pragma once",
            "",
            '#include "golden/numbers.hpp"',
            "",
            "namespace golden {",
            "",
        ]
        for name, names, y in cases:
            text = [numpy.format_float_positional(v, unique=True, trim="-") if 1e-4 <= abs(v) < 1e6 or v == 0
                    else numpy.format_float_scientific(v, unique=True, trim="-", exp_digits=1) for v in y]
            text = [t + "F" if "." in t or "e" in t else t for t in text]
            lines.append("inline constexpr float %s_outputs[] = {" % name)
            line = "   "
            for t in text:
                if len(line) + len(t) + 2 > 120:
                    lines.append(line)
                    line = "   "
                line += " " + t + ","
            lines += [line, "};",
                      'inline constexpr Golden %s{"%s", "%s", %s_outputs, %d};' % (name, name, " ".join(names), name, len(y)),
                      ""]
        lines.append("}  // namespace golden")
        (pathlib.Path(__file__).parent / (stem + ".hpp")).write_text("\n".join(lines) + "\n")
        print(stem, len(cases), "cases,", sum(len(y) for _, _, y in cases), "numbers")


# ---- modules that PyTorch spells differently

S = nn.Sequential


def same_pads(size, kernel, stride=1, dilation=1):
    """TensorFlow's SAME: output ceil(size / stride), the odd zero behind."""
    total = max((-(-size // stride) - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


class PaddedConv2d(nn.Conv2d):
    """A convolution after zeros of its own on each side: (top, bottom, left, right)."""

    def __init__(self, *arguments, pads, **options):
        super().__init__(*arguments, **options)
        self.pads = pads

    def forward(self, x):
        top, bottom, left, right = self.pads
        return super().forward(F.pad(x, (left, right, top, bottom)))


class PaddedConv1d(nn.Conv1d):
    def __init__(self, *arguments, pads, **options):
        super().__init__(*arguments, **options)
        self.pads = pads

    def forward(self, x):
        return super().forward(F.pad(x, self.pads))


def same_conv2d(shape, outputs, kernel, stride=1, dilation=1):
    pads = same_pads(shape[0], kernel, stride, dilation) + same_pads(shape[1], kernel, stride, dilation)
    return PaddedConv2d(shape[2], outputs, kernel, stride, dilation=dilation, pads=pads)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def padded_max(pads, *arguments, **options):
    top, bottom, left, right = pads
    return Function(lambda x: F.max_pool2d(F.pad(x, (left, right, top, bottom), value=-float("inf")), *arguments, **options))


def padded_average(pads, *arguments, include=True):
    top, bottom, left, right = pads

    def average(x):
        sums = F.avg_pool2d(F.pad(x, (left, right, top, bottom)), *arguments)
        return sums if include else sums / F.avg_pool2d(F.pad(torch.ones_like(x), (left, right, top, bottom)), *arguments)

    return Function(average)


class Parallel(nn.Module):
    """Branches under their positions or names, joined by a function of the list of outputs."""

    def __init__(self, join, *branches, **named):
        super().__init__()
        for i, branch in enumerate(branches):
            self.add_module(str(i), branch)
        for name, branch in named.items():
            self.add_module(name, branch)
        self.join = join

    def forward(self, x):
        return self.join([branch(x) for branch in self.children()])


class Split(nn.Module):
    """Branches that each take an equal share of the channels."""

    def __init__(self, *branches):
        super().__init__()
        for i, branch in enumerate(branches):
            self.add_module(str(i), branch)

    def forward(self, x):
        branches = list(self.children())
        return torch.cat([b(s) for b, s in zip(branches, x.chunk(len(branches), 1))], 1)


def Add(*branches):
    return Parallel(sum, *branches)


def Residual(main, shortcut=None):
    return Parallel(sum, main=main, shortcut=shortcut or nn.Identity())


def Concat(*branches):
    return Parallel(lambda outputs: torch.cat(outputs, 1), *branches)


def Multiply(*branches):
    def product(outputs):
        result = outputs[0]
        for output in outputs[1:]:
            result = result * output
        return result

    return Parallel(product, *branches)


def depthwise(channels, kernel, multiplier=1, **options):
    return nn.Conv2d(channels, channels * multiplier, kernel, groups=channels, **options)


def squeeze_excite(channels, squeezed):
    return Multiply(nn.Identity(), S(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, squeezed, 1), nn.ReLU(),
                                     nn.Conv2d(squeezed, channels, 1), nn.Sigmoid()))


Conv, ReLU, Flatten, Linear, Max, Avg = nn.Conv2d, nn.ReLU, nn.Flatten, nn.Linear, nn.MaxPool2d, nn.AvgPool2d

# ---- windows of convolutions

file("conv_window")
case("kernel_1", (3, 4, 3), Conv(3, 5, 1))
case("kernel_3", (7, 6, 5), Conv(5, 8, 3))
case("kernel_5", (9, 11, 1), Conv(1, 3, 5))
case("kernel_3_by_5", (5, 9, 8), Conv(8, 16, (3, 5)))
case("stride_2", (9, 8, 3), Conv(3, 17, 3, 2))
case("stride_2_by_1", (8, 7, 16), Conv(16, 8, 3, (2, 1)))
case("stride_over_kernel", (11, 10, 5), Conv(5, 5, 2, 3))
case("stride_over_kernel_and_image", (4, 5, 3), Conv(3, 5, 2, 7))
case("no_bias", (4, 5, 5), Conv(5, 33, 3, bias=False))
case("one_pixel", (1, 1, 33), Conv(33, 17, 1))
case("one_pixel_padded", (1, 1, 8), Conv(8, 8, 3, padding=1))
case("one_row", (1, 13, 8), Conv(8, 5, (1, 3)))
case("one_column", (13, 1, 8), Conv(8, 16, (3, 1)))
case("kernel_of_image_size", (5, 4, 3), Conv(3, 16, (5, 4)))
case("wide_channels", (3, 13, 17), Conv(17, 33, 3, padding=1))
case("pointwise", (5, 7, 33), Conv(33, 16, 1))
case("pointwise_stride_2", (5, 7, 16), Conv(16, 33, 1, 2))
case("pointwise_padded", (2, 3, 5), Conv(5, 8, 1, padding=1))
case("one_output_channel", (5, 6, 16), Conv(16, 1, 3))
case("one_channel_each_way", (7, 13, 1), Conv(1, 1, 3, padding=1))
case("dilation_2", (9, 8, 5), Conv(5, 8, 3, dilation=2))
case("dilation_2_by_1", (9, 8, 3), Conv(3, 16, 3, dilation=(2, 1)))
case("dilation_1_by_3_stride_2_padded", (5, 13, 8), Conv(8, 5, (2, 3), 2, dilation=(1, 3), padding=(1, 3)))

file("conv_padding")
case("padding_1", (6, 7, 8), Conv(8, 16, 3, padding=1))
case("padding_2_by_1", (5, 6, 3), Conv(3, 8, (5, 3), padding=(2, 1)))
case("padding_on_one_axis", (4, 9, 5), Conv(5, 8, 3, padding=(0, 2)))
case("padding_asymmetric", (6, 7, 5), PaddedConv2d(5, 8, 3, pads=(0, 1, 2, 1)))
case("padding_left_only", (4, 8, 16), PaddedConv2d(16, 5, 3, pads=(0, 0, 2, 0)))
case("padding_bottom_right", (5, 5, 3), PaddedConv2d(3, 17, 3, 2, pads=(0, 1, 0, 1)))
case("padding_stride_2", (7, 8, 5), Conv(5, 17, 3, 2, padding=1))
case("padding_stride_3_unused_zeros", (5, 6, 3), Conv(3, 5, 2, 3, padding=1))
case("padding_over_half_the_kernel", (3, 4, 5), Conv(5, 8, 3, padding=3))
case("padding_over_kernel_one_by_one", (2, 2, 3), Conv(3, 16, 1, padding=2))
case("padding_makes_kernel_fit", (2, 3, 8), Conv(8, 8, 5, padding=2))
case("padding_dilation_2", (7, 6, 8), Conv(8, 16, 3, padding=2, dilation=2))
case("same_odd_kernel", (5, 6, 3), Conv(3, 8, 3, padding="same"))
case("same_even_kernel", (6, 5, 5), Conv(5, 8, 4, padding="same"))
case("same_kernel_2_by_5", (4, 7, 8), Conv(8, 5, (2, 5), padding="same"))
case("same_even_kernel_dilated", (7, 8, 3), Conv(3, 16, 2, padding="same", dilation=3))
case("same_stride_2_even_size", (8, 8, 3), same_conv2d((8, 8, 3), 8, 3, 2))
case("same_stride_2_odd_size", (7, 9, 5), same_conv2d((7, 9, 5), 16, 3, 2))
case("same_stride_2_kernel_5", (8, 7, 3), same_conv2d((8, 7, 3), 5, 5, 2))
case("same_stride_over_kernel", (7, 8, 5), same_conv2d((7, 8, 5), 8, 2, 3))
case("same_stride_2_dilated", (9, 8, 3), same_conv2d((9, 8, 3), 8, 3, 2, 2))
case("padded_chain", (6, 7, 8), S(Conv(8, 16, 3, padding=1), ReLU(), PaddedConv2d(16, 8, 3, 2, pads=(1, 0, 1, 0)),
                                  Conv(8, 17, 5, padding=2)))

file("conv_groups")
case("groups_2_narrow", (5, 6, 4), Conv(4, 6, 3, groups=2))
case("groups_2_wide", (3, 5, 32), Conv(32, 64, 3, groups=2, padding=1))
case("groups_4", (5, 6, 8), Conv(8, 16, 3, groups=4, padding=1))
case("groups_4_equal", (4, 7, 16), Conv(16, 16, 3, groups=4))
case("groups_4_narrowing", (5, 4, 16), Conv(16, 8, 3, groups=4))
case("groups_of_2_to_8", (4, 5, 6), Conv(6, 24, 3, groups=3, padding=1))
case("groups_of_8_to_16", (3, 4, 16), Conv(16, 32, 3, groups=2))
case("groups_of_17", (3, 5, 34), Conv(34, 10, 3, groups=2))
case("groups_pointwise", (4, 5, 24), Conv(24, 12, 1, groups=4))
case("groups_dilation_2", (9, 7, 8), Conv(8, 8, 3, groups=2, dilation=2))
case("groups_dilation_stride_padding", (9, 10, 6), Conv(6, 12, 3, 2, groups=3, dilation=2, padding=2))
case("groups_of_channels", (5, 6, 5), Conv(5, 10, 3, groups=5))
case("groups_no_bias", (4, 4, 16), Conv(16, 16, 2, groups=8, bias=False))
case("depthwise_17", (6, 5, 17), depthwise(17, 3))
case("depthwise_33_padded", (5, 7, 33), depthwise(33, 3, padding=1))
case("depthwise_8_stride_2", (9, 8, 8), depthwise(8, 3, stride=2, padding=1))
case("depthwise_3", (4, 13, 3), depthwise(3, 3))
case("depthwise_1", (4, 5, 1), depthwise(1, 3))
case("depthwise_kernel_5_same", (7, 6, 16), depthwise(16, 5, padding="same"))
case("depthwise_dilated", (8, 9, 5), depthwise(5, 3, dilation=2, padding=2))
case("depthwise_kernel_3_by_1", (6, 5, 17), depthwise(17, (3, 1), padding=(1, 0)))
case("depthwise_multiplier_2", (5, 4, 5), depthwise(5, 3, 2))
case("depthwise_multiplier_3", (4, 5, 8), depthwise(8, 3, 3, padding=1))
case("depthwise_multiplier_2_of_17", (3, 6, 17), depthwise(17, 3, 2, stride=2, padding=1))
case("depthwise_no_bias", (4, 5, 16), depthwise(16, 3, bias=False))
case("separable", (6, 7, 8), S(depthwise(8, 3, padding=1), Conv(8, 17, 1)))
case("separable_no_bias_stride_2", (7, 8, 5), S(depthwise(5, 3, stride=2, padding=1, bias=False), Conv(5, 16, 1, bias=False)))
case("separable_chain", (6, 6, 3), S(S(depthwise(3, 3, padding=1), Conv(3, 8, 1)), nn.ReLU6(),
                                     S(depthwise(8, 3, stride=2, padding=1), Conv(8, 33, 1)), nn.ReLU6()))

file("conv_1d")
case("sequence_kernel_3", (13, 5), nn.Conv1d(5, 8, 3))
case("sequence_kernel_1", (7, 33), nn.Conv1d(33, 17, 1))
case("sequence_stride_2", (12, 3), nn.Conv1d(3, 16, 5, 2))
case("sequence_padding", (9, 8), nn.Conv1d(8, 5, 3, padding=2))
case("sequence_padding_left_right", (8, 5), PaddedConv1d(5, 8, 3, pads=(1, 3)))
case("sequence_causal", (11, 8), PaddedConv1d(8, 16, 3, dilation=2, pads=(4, 0)))
case("sequence_same", (10, 3), nn.Conv1d(3, 8, 4, padding="same"))
case("sequence_dilation", (13, 5), nn.Conv1d(5, 17, 3, dilation=3))
case("sequence_groups", (9, 8), nn.Conv1d(8, 16, 3, groups=4))
case("sequence_depthwise", (9, 17), nn.Conv1d(17, 17, 3, groups=17, padding=1))
case("sequence_no_bias", (6, 1), nn.Conv1d(1, 5, 3, bias=False))
case("sequence_of_one", (1, 8), nn.Conv1d(8, 5, 1))
case("sequence_planar", (33, 1), nn.Conv1d(1, 4, 5, padding=2))
case("sequence_network", (20, 3), S(nn.Conv1d(3, 8, 5, 2), nn.BatchNorm1d(8), ReLU(), nn.Conv1d(8, 16, 3, padding=1), ReLU(), Flatten(),
                                    Linear(128, 10)))

file("conv_planar")
case("planar_seed", (20, 18, 1), S(Conv(1, 5, 3), ReLU(), Conv(5, 5, 3), ReLU(), Flatten(), Linear(5 * 16 * 14, 12)))
case("planar_wide_seed", (7, 21, 1), S(Conv(1, 5, 3), ReLU(), Conv(5, 5, 3), ReLU(), Flatten(), Linear(5 * 3 * 17, 12)))
case("planar_padded", (5, 17, 3), S(Conv(3, 5, 3, padding=1), ReLU(), Conv(5, 7, 3, padding=1), ReLU(), Flatten(), Linear(595, 9)))
case("planar_to_pool", (6, 20, 3), S(Conv(3, 5, 3, padding=1), ReLU(), Conv(5, 3, 3, padding=1), Max(2)))
case("planar_to_residual", (4, 17, 3), S(Conv(3, 5, 3, padding=1), Residual(Conv(5, 5, 3, padding=1)), Conv(5, 3, 3)))
case("planar_to_result", (5, 18, 1), S(Conv(1, 3, 3), Conv(3, 1, 3)))
case("planar_one_channel_result", (4, 16, 2), S(Conv(2, 1, 3, padding=1), nn.LeakyReLU()))
case("planar_to_flatten", (4, 18, 2), S(Conv(2, 3, 3), Conv(3, 2, (2, 1)), Flatten()))
case("planar_asymmetric", (5, 16, 2), S(PaddedConv2d(2, 3, 3, pads=(1, 0, 2, 1)), ReLU(), PaddedConv2d(3, 2, (1, 4), pads=(0, 1, 0, 3)), Flatten(),
                                        Linear(170, 5)))
case("planar_dilated", (9, 24, 3), S(Conv(3, 4, 3, dilation=2), Conv(4, 3, 3, dilation=(1, 2)), Flatten(), Linear(3 * 3 * 16, 8)))
case("planar_vertical_stride", (9, 18, 2), S(Conv(2, 5, 3, (2, 1), padding=1), ReLU(), Conv(5, 6, 3, (2, 1)), Flatten(), Linear(6 * 2 * 16, 8)))
case("planar_to_grouped", (4, 17, 3), S(Conv(3, 6, 3, padding=1), depthwise(6, 3, padding=1), Conv(6, 3, 1), Flatten(), Linear(204, 4)))
case("planar_through_activations", (4, 18, 1), S(Conv(1, 3, 3), nn.PReLU(3), nn.Sigmoid(), Conv(3, 2, 1), nn.BatchNorm2d(2), Flatten(), nn.Tanh(), Linear(64, 5)))
case("planar_to_two_readers", (5, 17, 1), S(Conv(1, 4, 3, padding=1), Concat(Conv(4, 2, 3, padding=1), Conv(4, 3, 1))))
case("planar_to_upsample", (3, 16, 3), S(Conv(3, 3, 3, padding=1), nn.Upsample(scale_factor=2)))
case("planar_stride_2_after", (6, 20, 1), S(Conv(1, 8, 3, padding=1), ReLU(), Conv(8, 8, 3, 2, padding=1), ReLU(), Flatten(), Linear(240, 7)))

file("planar_chains")
case("chain_average", (12, 36, 1), S(Conv(1, 6, 5, padding=2), ReLU(), Avg(2), Conv(6, 10, 3), ReLU(), Avg(2), Flatten(), Linear(160, 12)))
case("chain_max_padded", (6, 33, 3), S(Conv(3, 5, 3, padding=1), ReLU(), Max(3, 2, padding=1), Conv(5, 7, 3, padding=1), nn.Tanh(), Max(2, ceil_mode=True)))
case("chain_pool_flatten", (5, 18, 2), S(Conv(2, 3, 3, padding=1), Avg(3, 2, padding=1, count_include_pad=False), Flatten()))
case("chain_pool_sigmoid_pool", (6, 36, 2), S(Conv(2, 5, 3, padding=1), Max(2), nn.Sigmoid(), Max(2), Flatten(), Linear(45, 7)))
case("chain_pool_residual", (6, 35, 3), S(Conv(3, 5, 3, padding=1), Max(2), Residual(Conv(5, 5, 3, padding=1)), Conv(5, 3, 3)))
case("chain_two_pools", (5, 20, 1), S(Conv(1, 4, 3, padding=1), Concat(Max(2), Avg(2)), Conv(8, 3, 1)))
case("chain_pool_depthwise", (8, 36, 3), S(Conv(3, 6, 3, padding=1), Max(2), depthwise(6, 3, padding=1), Conv(6, 9, 1)))
case("chain_stride_depthwise", (10, 40, 3), S(PaddedConv2d(3, 7, 3, 2, pads=(0, 1, 0, 1)), ReLU(), depthwise(7, 3, padding=1), ReLU(), Conv(7, 16, 1), ReLU(),
  depthwise(16, 3, stride=2, padding=1)))
case("chain_depthwise_stride_2", (9, 66, 2), S(Conv(2, 3, 3, padding=1), depthwise(3, 5, stride=2, padding=2), nn.ReLU(), Max(2, 1), Conv(3, 4, 3, padding=1)))
case("chain_depthwise_first", (6, 34, 3), S(depthwise(3, 3, padding=1), ReLU(), Conv(3, 5, 3, 2, padding=1), Conv(5, 9, 1)))
case("chain_wide_pool", (4, 54, 2), S(Conv(2, 5, 3, padding=1), Max((2, 3), 3), Conv(5, 4, 1)))
case("chain_global", (4, 18, 2), S(Conv(2, 5, 3, padding=1), ReLU(), nn.AdaptiveAvgPool2d(1), Flatten(), Linear(5, 3)))

# ---- vectors

file("linear")
case("linear", (17,), Linear(17, 33))
case("linear_no_bias", (33,), Linear(33, 5, bias=False))
case("linear_of_one", (1,), Linear(1, 1))
case("linear_wide", (65,), Linear(65, 130))
case("linear_chain", (33,), S(Linear(33, 17), ReLU(), Linear(17, 128), nn.Tanh(), Linear(128, 10)))
case("linear_batch_norm", (16,), S(Linear(16, 17), nn.BatchNorm1d(17), ReLU()))
case("flatten_linear", (3, 4, 5), S(Flatten(), Linear(60, 7)))
case("flatten_linear_one_channel", (5, 4, 1), S(Flatten(), Linear(20, 7)))
case("flatten_linear_one_pixel", (1, 1, 17), S(Flatten(), Linear(17, 8)))
case("flatten_sequence_linear", (6, 5), S(Flatten(), Linear(30, 9)))
case("flatten_last", (3, 4, 5), Flatten())
case("flatten_after_conv", (4, 5, 3), S(Conv(3, 8, 3, padding=1), ReLU(), Flatten()))
case("flatten_activation_linear", (4, 3, 5), S(Flatten(), ReLU(), nn.Sigmoid(), Linear(60, 8)))
case("conv_flatten_activation_linear", (4, 5, 3), S(Conv(3, 5, 3), Flatten(), ReLU(), Linear(30, 8)))
case("flatten_batch_norm_linear", (3, 4, 5), S(Flatten(), nn.BatchNorm1d(60), Linear(60, 8)))
case("flatten_dropout_linear", (3, 4, 5), S(Flatten(), nn.Dropout(), Linear(60, 8), nn.Dropout()))
case("flatten_softmax", (2, 3, 5), S(Flatten(), nn.Softmax(1)))
case("flatten_prelu_linear", (2, 3, 5), S(Flatten(), nn.PReLU(30), Linear(30, 5)))
case("flatten_residual", (2, 3, 4), S(Flatten(), Residual(Linear(24, 24)), Linear(24, 5)))
case("flatten_residual_of_two", (2, 3, 4), S(Flatten(), Residual(S(Linear(24, 24), ReLU(), Linear(24, 24))), ReLU()))
case("flatten_two_readers", (3, 2, 5), S(Flatten(), Add(Linear(30, 8), S(ReLU(), Linear(30, 8)))))
case("flatten_concat", (3, 2, 5), S(Flatten(), Concat(Linear(30, 3), nn.Identity()), Linear(33, 4)))
case("flatten_in_branch", (3, 2, 5), Concat(S(Flatten(), Linear(30, 4)), S(nn.AdaptiveAvgPool2d(1), Flatten()), Flatten()))
case("flatten_activation_last", (3, 2, 5), S(Conv(5, 3, 2), Flatten(), nn.Tanh()))
case("flatten_multiply", (2, 2, 5), S(Flatten(), Multiply(nn.Identity(), Linear(20, 20))))
case("flatten_padded_conv_linear", (5, 4, 3), S(Concat(Conv(3, 5, 1), nn.Identity()), Add(Conv(8, 2, 3, padding=1), S(Conv(8, 2, 5, padding=2))), Flatten(),
                                                Linear(40, 6)))
case("flatten_of_value_with_borders", (3, 4, 5), S(ReLU(), Concat(S(Flatten(), Linear(60, 4)), S(Conv(5, 2, 3, padding=1), Flatten()))))
case("flatten_twice", (3, 2, 5), S(Flatten(), Flatten(), Linear(30, 6)))

file("batch_norm")
case("batch_norm", (4, 5, 17), nn.BatchNorm2d(17))
case("batch_norm_of_vector", (33,), nn.BatchNorm1d(33))
case("batch_norm_of_sequence", (7, 5), nn.BatchNorm1d(5))
case("batch_norm_epsilon", (3, 4, 8), nn.BatchNorm2d(8, eps=0.25))
case("batch_norm_no_affine", (3, 4, 5), nn.BatchNorm2d(5, affine=False))
case("batch_norm_epsilon_no_affine", (3, 4, 16), nn.BatchNorm2d(16, affine=False, eps=1e-3))
case("conv_batch_norm", (5, 6, 3), S(Conv(3, 8, 3, padding=1), nn.BatchNorm2d(8), ReLU()))
case("conv_no_bias_batch_norm", (5, 6, 8), S(Conv(8, 17, 3, bias=False), nn.BatchNorm2d(17)))
case("conv_batch_norm_no_affine", (5, 6, 3), S(Conv(3, 5, 3), nn.BatchNorm2d(5, affine=False), nn.Hardswish()))
case("depthwise_batch_norm", (5, 6, 17), S(depthwise(17, 3, padding=1), nn.BatchNorm2d(17), nn.ReLU6()))
case("grouped_batch_norm", (4, 5, 16), S(Conv(16, 10, 3, groups=2), nn.BatchNorm2d(10, eps=1e-3)))
case("conv_activation_batch_norm", (5, 6, 3), S(Conv(3, 8, 3), ReLU(), nn.BatchNorm2d(8)))
case("conv_two_batch_norms", (5, 4, 3), S(Conv(3, 8, 3), nn.BatchNorm2d(8), nn.BatchNorm2d(8), ReLU()))
case("batch_norm_conv", (5, 6, 5), S(nn.BatchNorm2d(5), ReLU(), Conv(5, 8, 3, padding=1)))
case("batch_norm_of_shared_conv", (4, 5, 3), S(Conv(3, 8, 3, padding=1), Residual(nn.BatchNorm2d(8)), ReLU()))
case("residual_batch_norm", (4, 5, 8), S(Residual(S(Conv(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), ReLU(),
                                                    Conv(8, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8))), ReLU()))

# ---- activations

file("activation")
for name, module in [("relu", ReLU()), ("relu6", nn.ReLU6()), ("clip", nn.Hardtanh(-0.5, 2.5)), ("clip_default", nn.Hardtanh()),
                     ("leaky_relu", nn.LeakyReLU()), ("leaky_relu_tenth", nn.LeakyReLU(0.1)), ("sigmoid", nn.Sigmoid()),
                     ("tanh", nn.Tanh()), ("hard_sigmoid", nn.Hardsigmoid()), ("hard_swish", nn.Hardswish()), ("silu", nn.SiLU()),
                     ("gelu", nn.GELU()), ("gelu_tanh", nn.GELU("tanh")), ("elu", nn.ELU()), ("elu_half", nn.ELU(0.5))]:
    case(name, (5, 5, 3), module, wide=True)
case("prelu", (3, 5, 5), nn.PReLU(5), wide=True)
case("prelu_33", (1, 2, 33), nn.PReLU(33), wide=True)
case("prelu_single", (3, 5, 5), nn.PReLU(1), wide=True)
case("prelu_of_vector", (17,), nn.PReLU(17), wide=True)
case("softmax_of_vector", (10,), nn.Softmax(1))
case("softmax_33_large", (33,), nn.Softmax(1), wide=True)
case("softmax_over_channels", (3, 4, 17), nn.Softmax(1), wide=True)
case("softmax_of_sequence", (5, 8), nn.Softmax(1))
case("softmax_of_one", (2, 2, 1), nn.Softmax(1))
case("conv_gelu", (4, 5, 3), S(Conv(3, 17, 3), nn.GELU()))
case("conv_silu", (4, 5, 3), S(Conv(3, 5, 3, padding=1), nn.SiLU()))
case("depthwise_hard_swish", (4, 5, 17), S(depthwise(17, 3, padding=1), nn.Hardswish()))
case("linear_sigmoid", (16,), S(Linear(16, 17), nn.Sigmoid()))
case("linear_elu_twice", (16,), S(Linear(16, 5), nn.ELU(0.5), nn.LeakyReLU()))
case("linear_softmax", (16,), S(Linear(16, 10), nn.Softmax(1)))
case("conv_prelu", (4, 5, 8), S(Conv(8, 17, 3, padding=1), nn.PReLU(17), Conv(17, 5, 3, padding=1)))

# ---- pools

file("pool")
case("max_2", (6, 8, 5), Max(2))
case("max_2_odd_size", (7, 9, 17), Max(2))
case("max_3_stride_2", (9, 8, 8), Max(3, 2))
case("max_3_stride_2_padded", (8, 7, 33), Max(3, 2, padding=1))
case("max_3_by_2", (7, 6, 3), Max((3, 2), (2, 1), padding=(1, 0)))
case("max_stride_over_kernel", (9, 8, 5), Max(2, 3))
case("max_dilation", (9, 8, 16), Max(3, 1, dilation=2))
case("max_dilation_padded_stride", (9, 10, 5), Max(3, 2, padding=1, dilation=(2, 3)))
case("max_ceil", (5, 6, 3), Max(2, ceil_mode=True))
case("max_ceil_3_stride_2", (6, 8, 8), Max(3, 2, ceil_mode=True))
case("max_ceil_window_in_padding_dropped", (3, 5, 5), Max(2, 2, padding=1, ceil_mode=True))
case("max_ceil_stride_over_kernel", (5, 7, 5), Max(1, 3, ceil_mode=True))
case("max_ceil_padded", (6, 7, 17), Max(3, 2, padding=1, ceil_mode=True))
case("max_ceil_dilated", (8, 9, 3), Max(2, 3, dilation=2, ceil_mode=True))
case("max_same_stride_2", (7, 8, 5), padded_max(same_pads(7, 3, 2) + same_pads(8, 3, 2), 3, 2))
case("max_same_kernel_2", (5, 4, 8), padded_max((0, 1, 0, 1), 2, 1))
case("max_asymmetric", (6, 5, 8), padded_max((1, 0, 0, 1), 3, 2))
case("max_of_padded_conv", (6, 6, 3), S(Conv(3, 8, 3, padding=1), ReLU(), Max(2), Conv(8, 5, 3, padding=1), Max(3, 2, padding=1)))
case("average_2", (6, 8, 5), Avg(2))
case("average_3_stride_2", (9, 8, 17), Avg(3, 2))
case("average_padded", (7, 6, 8), Avg(3, 2, padding=1))
case("average_padded_excluded", (7, 6, 8), Avg(3, 2, padding=1, count_include_pad=False))
case("average_divisor", (6, 7, 3), Avg(3, 2, padding=1, divisor_override=5))
case("average_ceil", (5, 6, 33), Avg(2, ceil_mode=True))
case("average_ceil_padded", (6, 7, 5), Avg(3, 2, padding=1, ceil_mode=True))
case("average_ceil_hangs_over_padding", (6, 8, 5), Avg(4, 3, padding=1, ceil_mode=True))
case("average_ceil_padded_excluded", (6, 8, 5), Avg(4, 3, padding=1, ceil_mode=True, count_include_pad=False))
case("average_ceil_divisor", (6, 8, 5), Avg(4, 3, padding=1, ceil_mode=True, divisor_override=7))
case("average_ceil_window_in_padding_dropped", (3, 5, 5), Avg(2, 2, padding=1, ceil_mode=True))
case("average_excluded_divisor", (5, 5, 3), Avg(3, 1, padding=1, count_include_pad=False, divisor_override=4))
case("average_same_excluded", (7, 8, 5), padded_average(same_pads(7, 3, 2) + same_pads(8, 3, 2), 3, 2, include=False))
case("average_same", (7, 8, 5), padded_average(same_pads(7, 3, 2) + same_pads(8, 3, 2), 3, 2))
case("average_asymmetric", (5, 6, 8), padded_average((1, 0, 0, 1), (3, 2), (1, 2)))
case("adaptive_average_7_to_3", (7, 7, 5), nn.AdaptiveAvgPool2d(3))
case("adaptive_average_3_by_5", (8, 13, 8), nn.AdaptiveAvgPool2d((3, 5)))
case("adaptive_average_enlarging", (2, 3, 5), nn.AdaptiveAvgPool2d((3, 7)))
case("adaptive_max_5_to_4", (5, 7, 17), nn.AdaptiveMaxPool2d(4))
case("adaptive_max_3_by_2", (8, 7, 3), nn.AdaptiveMaxPool2d((3, 2)))
case("global_average", (7, 9, 33), nn.AdaptiveAvgPool2d(1))
case("global_max", (7, 9, 16), nn.AdaptiveMaxPool2d(1))
case("global_average_linear", (6, 5, 3), S(Conv(3, 17, 3, padding=1), ReLU(), nn.AdaptiveAvgPool2d(1), Flatten(), Linear(17, 10)))

# ---- moving elements

file("shape_ops")
case("channel_shuffle_2", (2, 3, 8), nn.ChannelShuffle(2))
case("channel_shuffle_3", (2, 3, 33), nn.ChannelShuffle(3))
case("zero_pad", (3, 4, 5), nn.ZeroPad2d(2))
case("zero_pad_asymmetric", (3, 4, 5), nn.ZeroPad2d((2, 0, 1, 3)))
case("reflection_pad_asymmetric", (4, 5, 3), nn.ReflectionPad2d((4, 1, 2, 3)))
case("replication_pad_asymmetric", (2, 3, 5), nn.ReplicationPad2d((4, 1, 0, 3)))
case("circular_pad_asymmetric", (4, 3, 5), Function(lambda x: F.pad(x, (3, 1, 2, 4), mode="circular")))
case("reflection_pad_conv", (5, 6, 3), S(nn.ReflectionPad2d(1), Conv(3, 8, 3)))
case("zero_pad_padded_conv", (5, 6, 3), S(nn.ZeroPad2d((0, 1, 0, 1)), Conv(3, 8, 3, 2, padding=1)))
case("upsample_nearest_2", (3, 4, 5), nn.Upsample(scale_factor=2))
case("upsample_nearest_3", (2, 3, 17), nn.Upsample(scale_factor=3))
case("upsample_bilinear_2", (3, 4, 5), nn.Upsample(scale_factor=2, mode="bilinear"))
case("upsample_bilinear_3", (4, 3, 8), nn.Upsample(scale_factor=3, mode="bilinear"))
case("upsample_bilinear_17_channels", (2, 2, 17), nn.Upsample(scale_factor=2, mode="bilinear"))
case("upsample_bilinear_aligned_2", (3, 4, 5), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True))
case("upsample_bilinear_aligned_3", (4, 3, 8), nn.Upsample(scale_factor=3, mode="bilinear", align_corners=True))
case("upsample_bilinear_aligned_one_pixel", (1, 1, 3), nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True))
case("upsample_bilinear_one_row", (1, 4, 3), nn.Upsample(scale_factor=2, mode="bilinear"))
case("upsample_factor_1", (2, 3, 5), nn.Upsample(scale_factor=1))
case("upsample_conv", (3, 4, 5), S(nn.Upsample(scale_factor=2), Conv(5, 8, 3, padding=1)))
case("upsample_bilinear_conv", (3, 4, 5), S(nn.Upsample(scale_factor=2, mode="bilinear"), Conv(5, 8, 3, padding=1)))
case("channel_slice_3_1", (2, 3, 9), Function(lambda x: x.chunk(3, 1)[1]))
case("split", (3, 4, 8), Split(nn.Identity(), Conv(4, 5, 3, padding=1)))
case("split_3", (3, 4, 15), Split(ReLU(), nn.Identity(), Conv(5, 8, 1)))
case("split_shuffle", (4, 5, 16), S(Split(nn.Identity(), S(Conv(8, 8, 1), ReLU(), depthwise(8, 3, padding=1), Conv(8, 8, 1), ReLU())),
                                    nn.ChannelShuffle(2)))
case("identity", (3, 4, 5), nn.Identity())
case("identity_of_vector", (17,), nn.Identity())
case("dropout", (3, 4, 5), nn.Dropout())
case("only_identities", (2, 3, 5), S(nn.Identity(), nn.Dropout(), S(nn.Identity())))
case("identities_around_conv", (4, 5, 3), S(nn.Identity(), Conv(3, 8, 3), nn.Dropout(), ReLU(), nn.Identity()))

# ---- branches

file("branches")
case("add_2", (3, 4, 5), Add(Conv(5, 8, 1), Conv(5, 8, 3, padding=1)))
case("add_3", (3, 4, 5), Add(Conv(5, 8, 1), Conv(5, 8, 3, padding=1), Conv(5, 8, (1, 3), padding=(0, 1))))
case("add_identity_twice", (3, 4, 5), Add(nn.Identity(), nn.Identity()))
case("add_identity_twice_after_conv", (3, 4, 5), S(Conv(5, 8, 1), Add(nn.Identity(), nn.Identity()), ReLU(), Conv(8, 5, 3, padding=1)))
case("add_shared_activations", (3, 4, 5), S(Conv(5, 8, 3, padding=1), Add(ReLU(), nn.Sigmoid(), nn.Tanh())))
case("add_3_into_padded_conv", (3, 4, 5), S(Conv(5, 8, 1), Add(ReLU(), nn.Tanh(), nn.Identity()), Conv(8, 3, 3, padding=1)))
case("add_activation_first", (3, 4, 5), S(Conv(5, 8, 3), Add(nn.Tanh(), nn.Identity()), Conv(8, 3, 1)))
case("add_identity_conv_identity", (3, 4, 8), Add(nn.Identity(), Conv(8, 8, 3, padding=1), nn.Identity()))
case("add_of_vectors", (16,), Add(Linear(16, 17), S(Linear(16, 8), ReLU(), Linear(8, 17))))
case("residual_single_conv", (4, 5, 8), Residual(Conv(8, 8, 3, padding=1)))
case("residual_single_conv_inside", (4, 5, 3), S(Conv(3, 17, 1), Residual(Conv(17, 17, 3, padding=1)), ReLU(), Conv(17, 5, 1)))
case("residual_pointwise_inside", (4, 5, 3), S(Conv(3, 16, 1), Residual(Conv(16, 16, 1)), Conv(16, 5, 1)))
case("residual_depthwise_inside", (4, 5, 3), S(Conv(3, 17, 1), Residual(S(depthwise(17, 3, padding=1), ReLU())), Conv(17, 5, 1)))
case("residual_linear_inside", (8,), S(Linear(8, 17), Residual(Linear(17, 17)), ReLU(), Residual(S(Linear(17, 17), ReLU())), Linear(17, 5)))
case("residual_two_convs", (5, 6, 8), S(Residual(S(Conv(8, 8, 3, padding=1), ReLU(), Conv(8, 8, 3, padding=1))), ReLU()))
case("residual_conv_shortcut", (6, 7, 8), S(Residual(S(Conv(8, 16, 3, 2, padding=1), nn.BatchNorm2d(16), ReLU(), Conv(16, 16, 3, padding=1), nn.BatchNorm2d(16)),
                                                     S(Conv(8, 16, 1, 2), nn.BatchNorm2d(16))), ReLU()))
case("residual_chain", (5, 5, 3), S(Conv(3, 8, 3, padding=1), ReLU(), Residual(S(Conv(8, 8, 3, padding=1), ReLU(), Conv(8, 8, 3, padding=1))), ReLU(),
                                    Residual(S(Conv(8, 8, 3, padding=1), ReLU(), Conv(8, 8, 3, padding=1))), ReLU(), nn.AdaptiveAvgPool2d(1), Flatten(), Linear(8, 10)))
case("residual_of_identity", (3, 4, 5), Residual(nn.Identity()))
case("residual_of_activation", (3, 4, 5), S(Conv(5, 8, 3, padding=1), Residual(ReLU()), Conv(8, 8, 3, padding=1)))
case("residual_of_pool", (4, 5, 8), S(Conv(8, 8, 3, padding=1), Residual(Max(3, 1, padding=1)), Conv(8, 3, 5, padding=2)))
case("residual_activation_before_add", (4, 5, 8), Residual(S(Conv(8, 8, 3, padding=1), nn.SiLU())))
case("residual_in_residual", (4, 5, 8), Residual(S(Conv(8, 8, 1), Residual(S(Conv(8, 8, 3, padding=1), Residual(Conv(8, 8, 1)))), ReLU())))
case("residual_shifted_borders", (4, 5, 5), S(Conv(5, 8, 1), Residual(S(Conv(8, 8, 3, padding=1), ReLU(), Conv(8, 8, 3, padding=1))),
                                              Conv(8, 5, 5, padding=2)))
case("residual_of_sequence", (9, 5), S(nn.Conv1d(5, 8, 3, padding=1), Residual(nn.Conv1d(8, 8, 3, padding=1)), ReLU()))
case("residual_shortcut_runs_last", (4, 5, 8), S(Residual(ReLU(), Conv(8, 8, 3, padding=1)), nn.Tanh()))
case("inverted_residual", (5, 6, 8), Residual(S(Conv(8, 24, 1, bias=False), nn.BatchNorm2d(24), nn.ReLU6(), depthwise(24, 3, padding=1, bias=False),
                                                nn.BatchNorm2d(24), nn.ReLU6(), Conv(24, 8, 1, bias=False), nn.BatchNorm2d(8))))
case("concat_2", (3, 4, 5), Concat(Conv(5, 3, 1), Conv(5, 8, 3, padding=1)))
case("concat_with_identity", (3, 4, 5), Concat(nn.Identity(), Conv(5, 17, 1), nn.Identity()))
case("concat_dense", (4, 5, 3), S(Concat(nn.Identity(), S(Conv(3, 5, 3, padding=1), ReLU())), Concat(nn.Identity(), S(Conv(8, 5, 3, padding=1), ReLU())),
                                  Conv(13, 8, 3, padding=1)))
case("concat_fire", (5, 6, 16), S(Conv(16, 5, 1), ReLU(), Concat(S(Conv(5, 8, 1), ReLU()), S(Conv(5, 8, 3, padding=1), ReLU()))))
case("concat_inception", (5, 6, 8), Concat(Conv(8, 3, 1), S(Conv(8, 5, 1), Conv(5, 8, 3, padding=1)), S(Max(3, 1, padding=1), Conv(8, 5, 1))))
case("concat_of_sequences", (7, 5), Concat(nn.Conv1d(5, 3, 3, padding=1), nn.Identity()))
case("concat_of_vectors", (5,), S(Concat(Linear(5, 3), nn.Identity(), ReLU()), Linear(13, 4)))
case("multiply", (3, 4, 5), Multiply(nn.Identity(), nn.Sigmoid()))
case("multiply_pixel_first", (3, 4, 17), Multiply(nn.AdaptiveAvgPool2d(1), Conv(17, 17, 1)))
case("multiply_3", (3, 4, 5), Multiply(nn.AdaptiveMaxPool2d(1), nn.Identity(), nn.AdaptiveAvgPool2d(1)))
case("multiply_3_whole", (3, 4, 5), S(Conv(5, 8, 1), Multiply(nn.Identity(), nn.Tanh(), ReLU()), Conv(8, 3, 3, padding=1)))
case("multiply_of_vectors", (17,), Multiply(Linear(17, 8), S(Linear(17, 8), nn.Sigmoid())))
case("multiply_same_twice", (2, 3, 5), S(ReLU(), Multiply(nn.Identity(), nn.Identity()), Conv(5, 3, 1)))
case("squeeze_excite", (5, 6, 17), squeeze_excite(17, 5))
case("squeeze_excite_inside", (5, 6, 3), S(Conv(3, 16, 3, padding=1), nn.Hardswish(), squeeze_excite(16, 4), Conv(16, 8, 1)))
case("multiply_pixel_into_padded_conv", (4, 5, 3), S(Conv(3, 8, 1), Multiply(nn.Identity(), nn.AdaptiveAvgPool2d(1)), Conv(8, 5, 3, padding=1)))
case("encoder_decoder", (6, 8, 3), S(Conv(3, 5, 3, padding=1), ReLU(),
                                     Concat(nn.Identity(), S(Max(2), Conv(5, 8, 3, padding=1), ReLU(), nn.Upsample(scale_factor=2, mode="bilinear"))),
                                     Conv(13, 2, 3, padding=1)))
case("shuffle_unit", (6, 6, 8), S(Concat(S(depthwise(8, 3, stride=2, padding=1), nn.BatchNorm2d(8), Conv(8, 12, 1), nn.BatchNorm2d(12), ReLU()),
                                         S(Conv(8, 12, 1), nn.BatchNorm2d(12), ReLU(), depthwise(12, 3, stride=2, padding=1), nn.BatchNorm2d(12), Conv(12, 12, 1),
                                           nn.BatchNorm2d(12), ReLU())), nn.ChannelShuffle(2)))
case("nested_deeply", (4, 4, 3), S(S(S(S(Conv(3, 5, 3, padding=1)), S(ReLU()))), Residual(S(Add(S(S(Conv(5, 5, 1)), nn.Identity()), Concat(Conv(5, 2, 1), S(Conv(5, 3, 1), S(ReLU()))))))))


def named(**modules):
    module = S()
    for name, child in modules.items():
        module.add_module(name, child)
    return module


case("named", (4, 5, 3), named(features=named(conv0=Conv(3, 8, 3), norm0=nn.BatchNorm2d(8), relu0=ReLU()), flatten=Flatten(),
                               classifier=S(Linear(48, 10))))
case("named_branches", (4, 5, 3), S(Parallel(sum, conv1=Conv(3, 5, 1), downsample=S(Conv(3, 5, 1), nn.BatchNorm2d(5))),
                                    Parallel(sum, body=Conv(5, 5, 1), shortcut=nn.Identity())))

write()
