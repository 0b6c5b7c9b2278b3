/// The four networks of MLPerf Tiny, arXiv 2106.07597, as they are deployed: batch norms folded, outputs before
/// softmax. Parameters come in the order of the operators in the benchmark's TensorFlow Lite files.
#pragma once

#include <cstddef>

#include <ctnn/zoo/blocks.hpp>
#include <ctnn/zoo/mobilenet_v1.hpp>

namespace ctnn::zoo {

namespace detail {

using KeywordSeparable = Sequential<Folded<ReLU>::Depthwise<Kernel<3>, SamePadding>, Folded<ReLU>::Pointwise<64>>;

template <std::size_t Outputs, class... Options>
using ResNet8Main =
    Sequential<Conv2d<Outputs, Kernel<3>, SamePadding, Options...>, ReLU, Conv2d<Outputs, Kernel<3>, SamePadding>>;
template <std::size_t Outputs>
using ResNet8Down = Sequential<Residual<ResNet8Main<Outputs, Stride<2>>, PointwiseConv2d<Outputs, Stride<2>>>, ReLU>;

template <std::size_t Outputs>
using Dense = Sequential<Linear<Outputs>, ReLU>;

}  // namespace detail

/// Keyword spotting: a depthwise separable network ("Hello Edge", arXiv 1711.07128) on 49 frames of 10 MFCCs, 49x10x1.
template <std::size_t Classes>
using KeywordSpottingDSCNNFor = Sequential<Folded<ReLU>::Conv<64, Kernel<10, 4>, Stride<2>, SamePadding>,
                                           detail::KeywordSeparable, detail::KeywordSeparable, detail::KeywordSeparable,
                                           detail::KeywordSeparable, GlobalAvgPool2d, Flatten, Linear<Classes>>;
using KeywordSpottingDSCNN = KeywordSpottingDSCNNFor<12>;

/// Image classification: a ResNet of eight layers for CIFAR-10, 32x32x3.
template <std::size_t Classes>
using ImageClassificationResNet8For =
    Sequential<Folded<ReLU>::Conv<16, Kernel<3>, SamePadding>, Sequential<Residual<detail::ResNet8Main<16>>, ReLU>,
               detail::ResNet8Down<32>, detail::ResNet8Down<64>, GlobalAvgPool2d, Flatten, Linear<Classes>>;
using ImageClassificationResNet8 = ImageClassificationResNet8For<10>;

/// Visual wake words (is there a person?): MobileNetV1 at a quarter of its width, 96x96x3.
using VisualWakeWordsMobileNet = detail::MobileNetV1<25, 2, Folded<ReLU>>;

/// Anomaly detection in machines' sounds: an autoencoder of five frames of 128 mel bands, 640; how far the output is
/// from the input says how unusual the sound is.
using AnomalyDetectionAutoencoder =
    Sequential<detail::Dense<128>, detail::Dense<128>, detail::Dense<128>, detail::Dense<128>, detail::Dense<8>,
               detail::Dense<128>, detail::Dense<128>, detail::Dense<128>, detail::Dense<128>, Linear<640>>;

}  // namespace ctnn::zoo
