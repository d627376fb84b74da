// The two passes of an antialiased resize (src/imaging/preprocess/resample.ts) and a blur (src/imaging/pictures), compiled for the processor it runs on: at the
// start of every embedding stands a decoded image, and its resize in JavaScript takes longer than its decoding. The resize
// uses integers throughout, so that the answers are those of the JavaScript.
//
// Every argument is checked here: nothing that JavaScript can pass may read or write outside its arrays.

#include <napi.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace {

/** Fixed-point digits of the weights. */
constexpr int kPrecisionBits = 22;
constexpr int32_t kRounding = 1 << (kPrecisionBits - 1);

[[noreturn]] void refuse(Napi::Env env, const std::string& message) { throw Napi::TypeError::New(env, message); }

template <typename Element>
struct Span {
  const Element* data;
  size_t size;
};

template <typename Element>
Span<Element> arrayArgument(const Napi::CallbackInfo& info, size_t at, napi_typedarray_type type, const char* name) {
  if (info.Length() <= at || !info[at].IsTypedArray() || info[at].As<Napi::TypedArray>().TypedArrayType() != type) {
    refuse(info.Env(), std::string("Expected a ") + name);
  }
  const auto array = info[at].As<Napi::TypedArrayOf<Element>>();
  return {array.Data(), array.ElementLength()};
}

int64_t numberArgument(const Napi::CallbackInfo& info, size_t at) {
  if (info.Length() <= at || !info[at].IsNumber()) refuse(info.Env(), "Expected a number");
  return info[at].As<Napi::Number>().Int64Value();
}

/** For each output position: the first input position, how many, and their weights. */
struct Kernels {
  Span<int32_t> first;
  Span<int32_t> count;
  Span<int32_t> weights;
  size_t stride;

  /** Arguments from `at` on; all positions lie in [from, to). */
  Kernels(const Napi::CallbackInfo& info, size_t at, int64_t from, int64_t to)
      : first(arrayArgument<int32_t>(info, at, napi_int32_array, "Int32Array")),
        count(arrayArgument<int32_t>(info, at + 1, napi_int32_array, "Int32Array")),
        weights(arrayArgument<int32_t>(info, at + 2, napi_int32_array, "Int32Array")) {
    stride = first.size == 0 ? 0 : weights.size / first.size;
    if (first.size == 0 || count.size != first.size || stride * first.size != weights.size) {
      refuse(info.Env(), "Expected a first position, a count and as many weights for each output position");
    }
    for (size_t i = 0; i < first.size; i++) {
      const int64_t begin = first.data[i], length = count.data[i];
      if (begin < from || length < 0 || length > static_cast<int64_t>(stride) || begin + length > to) {
        refuse(info.Env(), "Expected positions inside the image");
      }
    }
  }
};

inline uint8_t clipped(int32_t sum) { return static_cast<uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255)); }

/** columns(pixels: Uint8Array [rows, width, 3], width, first, count, weights): Uint8Array [rows, first.length, 3] */
Napi::Value columns(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto pixels = arrayArgument<uint8_t>(info, 0, napi_uint8_array, "Uint8Array");
  const auto width = numberArgument(info, 1);
  if (width <= 0 || width > (1 << 28) || pixels.size % (static_cast<size_t>(width) * 3) != 0) {
    refuse(env, "Expected whole rows of pixels");
  }
  const size_t rows = pixels.size / (static_cast<size_t>(width) * 3);
  const Kernels kernels(info, 2, 0, width);
  const size_t length = kernels.first.size;
  auto result = Napi::Uint8Array::New(env, rows * length * 3);
  uint8_t* to = result.Data();
  for (size_t y = 0; y < rows; y++) {
    const uint8_t* row = pixels.data + y * static_cast<size_t>(width) * 3;
    for (size_t i = 0; i < length; i++, to += 3) {
      const uint8_t* from = row + static_cast<size_t>(kernels.first.data[i]) * 3;
      const int32_t* weights = kernels.weights.data + i * kernels.stride;
      // Unsigned sums may wrap where weights are none of ours; signed ones would be undefined.
      uint32_t red = kRounding, green = kRounding, blue = kRounding;
      for (int32_t k = 0; k < kernels.count.data[i]; k++, from += 3) {
        const auto weight = static_cast<uint32_t>(weights[k]);
        red += from[0] * weight;
        green += from[1] * weight;
        blue += from[2] * weight;
      }
      to[0] = clipped(static_cast<int32_t>(red));
      to[1] = clipped(static_cast<int32_t>(green));
      to[2] = clipped(static_cast<int32_t>(blue));
    }
  }
  return result;
}

/** rows(strip: Uint8Array [rows, rowBytes], rowBytes, from, first, count, weights): Uint8Array [first.length, rowBytes]; positions count from `from` */
Napi::Value rows(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto strip = arrayArgument<uint8_t>(info, 0, napi_uint8_array, "Uint8Array");
  const auto rowBytes = numberArgument(info, 1);
  const auto from = numberArgument(info, 2);
  if (rowBytes <= 0 || rowBytes > (1 << 28) || from < 0 || from > (1 << 30) || strip.size % static_cast<size_t>(rowBytes) != 0) {
    refuse(env, "Expected whole rows of bytes");
  }
  const size_t bytes = static_cast<size_t>(rowBytes);
  const Kernels kernels(info, 3, from, from + static_cast<int64_t>(strip.size / bytes));
  const size_t length = kernels.first.size;
  auto result = Napi::Uint8Array::New(env, length * bytes);
  std::vector<uint32_t> sums(bytes);
  for (size_t i = 0; i < length; i++) {
    std::fill(sums.begin(), sums.end(), kRounding);
    for (int32_t k = 0; k < kernels.count.data[i]; k++) {
      const auto weight = static_cast<uint32_t>(kernels.weights.data[i * kernels.stride + static_cast<size_t>(k)]);
      const uint8_t* row = strip.data + static_cast<size_t>(kernels.first.data[i] - from + k) * bytes;
      for (size_t x = 0; x < bytes; x++) sums[x] += row[x] * weight;
    }
    uint8_t* to = result.Data() + i * bytes;
    for (size_t x = 0; x < bytes; x++) to[x] = clipped(static_cast<int32_t>(sums[x]));
  }
  return result;
}

/**
 * blur(values: Float32Array [height, width], width, kernel: Float32Array of an odd length): Float32Array [height, width]
 * Rows, then columns; the edges are repeated. Sums in the order of the kernel, in double precision, where a product of two
 * floats is exact: the answers are those of the JavaScript.
 */
Napi::Value blur(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto values = arrayArgument<float>(info, 0, napi_float32_array, "Float32Array");
  const auto given = numberArgument(info, 1);
  const auto kernel = arrayArgument<float>(info, 2, napi_float32_array, "Float32Array");
  if (given <= 0 || given > (1 << 28) || values.size == 0 || values.size % static_cast<size_t>(given) != 0) {
    refuse(env, "Expected whole rows of values");
  }
  if (kernel.size % 2 != 1 || kernel.size > (1 << 16)) refuse(env, "Expected a kernel of an odd length");
  const size_t width = static_cast<size_t>(given), height = values.size / width, radius = kernel.size / 2;
  std::vector<float> padded(width + 2 * radius), across(values.size);
  std::vector<double> sums(width);
  const auto clamped = [](size_t place, size_t shift, size_t length) {
    return place < shift ? 0 : std::min(place - shift, length - 1);
  };
  for (size_t y = 0; y < height; y++) {
    const float* row = values.data + y * width;
    for (size_t x = 0; x < padded.size(); x++) padded[x] = row[clamped(x, radius, width)];
    std::fill(sums.begin(), sums.end(), 0.0);
    for (size_t k = 0; k < kernel.size; k++) {
      const double weight = kernel.data[k];
      for (size_t x = 0; x < width; x++) sums[x] += weight * padded[x + k];
    }
    for (size_t x = 0; x < width; x++) across[y * width + x] = static_cast<float>(sums[x]);
  }
  auto result = Napi::Float32Array::New(env, values.size);
  float* to = result.Data();
  for (size_t y = 0; y < height; y++, to += width) {
    std::fill(sums.begin(), sums.end(), 0.0);
    for (size_t k = 0; k < kernel.size; k++) {
      const double weight = kernel.data[k];
      const float* row = across.data() + clamped(y + k, radius, height) * width;
      for (size_t x = 0; x < width; x++) sums[x] += weight * row[x];
    }
    for (size_t x = 0; x < width; x++) to[x] = static_cast<float>(sums[x]);
  }
  return result;
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("columns", Napi::Function::New<columns>(env));
  exports.Set("rows", Napi::Function::New<rows>(env));
  exports.Set("blur", Napi::Function::New<blur>(env));
  // To be raised when what stands here changes: `src/imaging/pixels-addon.ts` refuses another one's.
  exports.Set("version", Napi::Number::New(env, 2));
  return exports;
}

}  // namespace

NODE_API_MODULE(pixels, initialize)
