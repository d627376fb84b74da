// HNSW and exact search for the worker threads of src/vectors, compiled for the processor it runs on (`npm run native`).
//
// hnswlib-node takes one vector a call as a JavaScript array (44 us a call for 512 numbers), filters by calling back into
// JavaScript, and gives every worker its own copy of the index. This addon stands on the same C++ (the headers that
// hnswlib-node ships), reads and writes the same files, and takes typed arrays, many queries a call, a bitset as filter;
// workers of one process share one copy of an index. Its walk through the graph finds what hnswlib's finds, sooner:
// memory is what a search waits for, so vectors are fetched ahead whole, and lie on huge pages where the system has them.
// Where the addon is not built, hnswlib-node does the work.
//
// Every argument is checked here: nothing that JavaScript can pass may read or write outside its arrays. What C++ throws
// (no memory, a file that does not fit) becomes a JavaScript error: NODE_ADDON_API_CPP_EXCEPTIONS_ALL in binding.gyp.

#include <napi.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "hnswlib/hnswlib.h"

namespace {

using hnswlib::labeltype;
using hnswlib::tableint;

struct Scored {
  float score;
  uint32_t row;
};

/** Best first; ties by row, so that answers are stable. */
inline bool better(const Scored& a, const Scored& b) {
  return a.score > b.score || (a.score == b.score && a.row < b.row);
}

/** A bitset of the rows that may be found. */
class Allowed {
 public:
  Allowed(const uint8_t* bits, size_t rows) : bits_(bits), rows_(rows) {}
  bool has(size_t row) const { return row < rows_ && (bits_[row >> 3] >> (row & 7)) & 1; }

 private:
  const uint8_t* bits_;
  size_t rows_;
};

/** Keeps the k best of what it is offered. */
class TopK {
 public:
  explicit TopK(size_t k) : k_(k) {}

  void offer(float score, uint32_t row) {
    const Scored offered{score, row};
    if (heap_.size() < k_) {
      heap_.push(offered);
    } else if (k_ > 0 && better(offered, heap_.top())) {
      heap_.pop();
      heap_.push(offered);
    }
  }

  std::vector<Scored> sorted() {
    std::vector<Scored> all(heap_.size());
    for (size_t i = all.size(); i-- > 0; heap_.pop()) all[i] = heap_.top();
    return all;
  }

 private:
  struct WorstOnTop {
    bool operator()(const Scored& a, const Scored& b) const { return better(a, b); }
  };
  size_t k_;
  std::priority_queue<Scored, std::vector<Scored>, WorstOnTop> heap_;
};

/** Adds the second half of `2 * half` sums to the first, until one is left; unrolled, as the compiler knows `half`. */
template <size_t half>
void fold(float* sums) {
  for (size_t i = 0; i < half; i++) sums[i] += sums[half + i];
  if constexpr (half > 1) fold<half / 2>(sums);
}

/**
 * 1 - the inner product of two vectors; `size` points to their length. Many sums side by side, so that no addition waits
 * for the one before it: hnswlib's own keeps one, and its last digits differ from these.
 */
float cosineDistance(const void* one, const void* other, const void* size) {
  constexpr size_t lanes = 32;
  const auto* a = static_cast<const float*>(one);
  const auto* b = static_cast<const float*>(other);
  const size_t length = *static_cast<const size_t*>(size);
  float product = 0;
  size_t at = 0;
  if (length >= lanes) {
    float sums[lanes];
    for (size_t i = 0; i < lanes; i++) sums[i] = a[i] * b[i];
    for (at = lanes; at + lanes <= length; at += lanes) {
      for (size_t i = 0; i < lanes; i++) sums[i] += a[at + i] * b[at + i];
    }
    fold<lanes / 2>(sums);
    product = sums[0];
  }
  for (; at < length; at++) product += a[at] * b[at];
  return 1.0f - product;
}

/** Unit vectors under `cosineDistance`, for hnswlib. */
class CosineSpace : public hnswlib::SpaceInterface<float> {
 public:
  explicit CosineSpace(size_t dimensions) : dimensions_(dimensions) {}
  size_t get_data_size() override { return dimensions_ * sizeof(float); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return cosineDistance; }
  void* get_dist_func_param() override { return &dimensions_; }

 private:
  size_t dimensions_;
};

/** hnswlib's graph with a search of our own: `ef` is an argument, where hnswlib keeps it in the index for all threads. */
class Graph : public hnswlib::HierarchicalNSW<float> {
 public:
  /** An empty one. */
  Graph(CosineSpace* space, size_t capacity, size_t m, size_t efConstruction, size_t seed)
      : HierarchicalNSW(space, capacity, m, efConstruction, seed) {
    askForHugePages();
  }

  Graph(CosineSpace* space, const std::string& file) : HierarchicalNSW(space, file) { askForHugePages(); }

  /** Whether its records are laid out for vectors of so many numbers: a file says it itself, and hnswlib does not compare. */
  bool holds(size_t dimensions) const {
    return offsetLevel0_ == 0 && offsetData_ == size_links_level0_ &&
           label_offset_ == offsetData_ + dimensions * sizeof(float) &&
           size_data_per_element_ == label_offset_ + sizeof(labeltype);
  }

  size_t count() const { return cur_element_count; }

  /** @throws where the file cannot be written whole: hnswlib does not look */
  void save(const std::string& file) {
    saveIndex(file);
    std::ifstream written(file, std::ios::binary | std::ios::ate);
    if (!written || static_cast<size_t>(written.tellg()) != indexFileSize()) {
      throw std::runtime_error("The index could not be written to " + file);
    }
  }

  std::vector<Scored> nearest(const float* query, size_t k, size_t ef, const Allowed* allowed) const {
    // Level -1: nothing was added yet.
    if (maxlevel_ < 0 || k == 0) return {};
    const Reached entry = descend(query);
    const size_t width = std::max(ef, k);
    const auto found = allowed == nullptr ? walk(query, entry, width, [](tableint) { return true; })
                                          : walk(query, entry, width, [this, allowed](tableint element) {
                                              return allowed->has(getExternalLabel(element));
                                            });
    TopK top(k);
    for (const auto& [distance, element] : found) {
      top.offer(1.0f - distance, static_cast<uint32_t>(getExternalLabel(element)));
    }
    return top.sorted();
  }

 private:
  /** An element that a search has come to. */
  struct Reached {
    float distance;
    tableint element;
  };

  static constexpr size_t cacheLine = 64;

  static bool isNearer(const Reached& one, const Reached& other) { return one.distance < other.distance; }
  static bool isFarther(const Reached& one, const Reached& other) { return one.distance > other.distance; }

  /**
   * A search jumps about in memory, and with 4 KiB pages nearly every jump has to look up its page first; a huge page
   * covers 512 of them. Linux gives them on request, unless its administrator says never; without them the search is slower.
   */
  void askForHugePages() {
#ifdef MADV_HUGEPAGE
    constexpr uintptr_t page = uintptr_t{2} << 20;
    // Of Linux 6.1, not yet in all headers: turns what was already written into huge pages at once.
    constexpr int collapse = 25;
    const auto start = reinterpret_cast<uintptr_t>(data_level0_memory_);
    const uintptr_t first = (start + page - 1) / page * page;
    const uintptr_t end = (start + max_elements_ * size_data_per_element_) / page * page;
    if (end <= first || !hugePagesAllowed()) return;
    madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
    if (cur_element_count > 0) madvise(reinterpret_cast<void*>(first), end - first, collapse);
#endif
  }

  /** The collapse would pass over the administrator's word. */
  static bool hugePagesAllowed() {
    std::ifstream setting("/sys/kernel/mm/transparent_hugepage/enabled");
    std::string line;
    return std::getline(setting, line) && line.find("[never]") == std::string::npos;
  }

  Reached reach(const float* query, tableint element) const {
    return {fstdistfunc_(query, getDataByInternalId(element), dist_func_param_), element};
  }

  /** Down the upper levels: the nearest of each is the entry to the next. */
  Reached descend(const float* query) const {
    Reached nearest = reach(query, enterpoint_node_);
    for (int level = maxlevel_; level > 0; level--) {
      for (bool closer = true; closer;) {
        closer = false;
        for (const tableint neighbor : neighbors(get_linklist(nearest.element, level))) {
          const Reached next = reach(query, neighbor);
          if (!isNearer(next, nearest)) continue;
          nearest = next;
          closer = true;
        }
      }
    }
    return nearest;
  }

  /**
   * The `width` (the paper's ef) nearest wanted elements of the lowest level, in no order: Algorithm 2 of Malkov and
   * Yashunin (arXiv:1603.09320), as hnswlib's searchBaseLayerST does it. Elements that are not wanted are walked through.
   */
  template <typename Wanted>
  std::vector<Reached> walk(const float* query, Reached entry, size_t width, Wanted wanted) const {
    Visited visited(*visited_list_pool_);
    // Heaps: the farthest of what was found is on top, and the nearest of what waits.
    std::vector<Reached> found;
    std::vector<Reached> waiting;
    std::vector<tableint> fresh;
    found.reserve(std::min<size_t>(width + 1, mostReserved));
    waiting.reserve(std::min<size_t>(8 * width, mostReserved));
    fresh.reserve(maxM0_);
    visited.add(entry.element);
    waiting.push_back(entry);
    if (wanted(entry.element)) found.push_back(entry);

    while (!waiting.empty()) {
      const Reached nearest = waiting.front();
      if (found.size() >= width && isFarther(nearest, found.front())) break;
      std::pop_heap(waiting.begin(), waiting.end(), isFarther);
      waiting.pop_back();
      fresh.clear();
      for (const tableint neighbor : neighbors(get_linklist0(nearest.element))) {
        if (!visited.add(neighbor)) continue;
        fresh.push_back(neighbor);
        __builtin_prefetch(getDataByInternalId(neighbor));
      }
      if (!fresh.empty()) fetchVector(fresh.front());
      for (size_t i = 0; i < fresh.size(); i++) {
        if (i + 1 < fresh.size()) fetchVector(fresh[i + 1]);
        const Reached next = reach(query, fresh[i]);
        if (found.size() >= width && !isNearer(next, found.front())) continue;
        waiting.push_back(next);
        std::push_heap(waiting.begin(), waiting.end(), isFarther);
        __builtin_prefetch(get_linklist0(waiting.front().element));
        if (!wanted(next.element)) continue;
        found.push_back(next);
        std::push_heap(found.begin(), found.end(), isNearer);
        if (found.size() <= width) continue;
        std::pop_heap(found.begin(), found.end(), isNearer);
        found.pop_back();
      }
    }
    return found;
  }

  static constexpr size_t mostReserved = 4096;

  /** Asks the processor for a whole vector, and the label behind it, while it works on another one. */
  void fetchVector(tableint element) const {
    const char* data = getDataByInternalId(element);
    // It starts anywhere in a line.
    const size_t end = data_size_ + sizeof(labeltype) + cacheLine - 1;
    for (size_t at = 0; at < end; at += cacheLine) __builtin_prefetch(data + at);
  }

  struct Neighbors {
    const tableint* first;
    size_t count;
    const tableint* begin() const { return first; }
    const tableint* end() const { return first + count; }
  };

  Neighbors neighbors(hnswlib::linklistsizeint* list) const {
    return {reinterpret_cast<const tableint*>(list + 1), getListCount(list)};
  }

  /** Which elements a search has seen; marks of the index's pool, given back at the end. */
  class Visited {
   public:
    explicit Visited(hnswlib::VisitedListPool& pool)
        : pool_(pool), list_(pool.getFreeVisitedList()), marks_(list_->mass), mark_(list_->curV) {}
    ~Visited() { pool_.releaseVisitedList(list_); }
    Visited(const Visited&) = delete;
    Visited& operator=(const Visited&) = delete;

    /** Whether it was not yet in. */
    bool add(tableint element) {
      if (marks_[element] == mark_) return false;
      marks_[element] = mark_;
      return true;
    }

   private:
    hnswlib::VisitedListPool& pool_;
    hnswlib::VisitedList* list_;
    hnswlib::vl_type* marks_;
    hnswlib::vl_type mark_;
  };
};

/**
 * What the workers of this process share. One that grows is added to by several at once and not searched: hnswlib lets
 * both go on at a time only where the first elements are in. One from a file does not change, and needs no lock.
 */
struct SharedGraph {
  SharedGraph(size_t size, bool grows) : dimensions(size), growing(grows), space(size) {}
  const size_t dimensions;
  const bool growing;
  CosineSpace space;
  std::unique_ptr<Graph> graph;
  /** Held alone by a save, together by those who add. */
  std::shared_mutex saving;
};

std::mutex registryLock;
std::map<std::string, std::weak_ptr<SharedGraph>> registry;

std::shared_ptr<SharedGraph> sharedUnder(const std::string& key) {
  const auto entry = registry.find(key);
  return entry == registry.end() ? nullptr : entry->second.lock();
}

[[noreturn]] void refuse(Napi::Env env, const std::string& message) { throw Napi::Error::New(env, message); }

std::string textArgument(const Napi::CallbackInfo& info, size_t at) {
  if (info.Length() <= at || !info[at].IsString()) refuse(info.Env(), "Expected a string");
  return info[at].As<Napi::String>().Utf8Value();
}

size_t countArgument(const Napi::CallbackInfo& info, size_t at) {
  if (info.Length() <= at || !info[at].IsNumber()) refuse(info.Env(), "Expected a number");
  const double value = info[at].As<Napi::Number>().DoubleValue();
  if (!(value >= 0 && value <= 4294967295.0) || value != std::floor(value)) refuse(info.Env(), "Expected a count");
  return static_cast<size_t>(value);
}

size_t checkedProduct(Napi::Env env, size_t a, size_t b) {
  if (b != 0 && a > SIZE_MAX / b) refuse(env, "Expected sizes that a computer can have");
  return a * b;
}

template <typename T>
struct Span {
  const T* data;
  size_t size;
};

template <typename T>
Span<T> arrayArgument(const Napi::CallbackInfo& info, size_t at, napi_typedarray_type type, const char* expected) {
  if (info.Length() <= at || !info[at].IsTypedArray() || info[at].As<Napi::TypedArray>().TypedArrayType() != type) {
    refuse(info.Env(), std::string("Expected a ") + expected);
  }
  void* data = nullptr;
  size_t length = 0;
  if (napi_get_typedarray_info(info.Env(), info[at], nullptr, &length, &data, nullptr, nullptr) != napi_ok) {
    refuse(info.Env(), std::string("Could not read the ") + expected);
  }
  return {static_cast<const T*>(data), length};
}

Span<float> floatsArgument(const Napi::CallbackInfo& info, size_t at, size_t dimensions) {
  const auto floats = arrayArgument<float>(info, at, napi_float32_array, "Float32Array");
  if (floats.size % dimensions != 0) {
    refuse(info.Env(), "Expected vectors of " + std::to_string(dimensions) + " numbers but received " +
                           std::to_string(floats.size) + " numbers in all");
  }
  return floats;
}

/** NaN and infinity give silent nonsense in a graph; a vector far from unit length makes the scores no cosines. */
void checkUnit(Napi::Env env, const float* vector, size_t dimensions) {
  double squares = 0;
  for (size_t i = 0; i < dimensions; i++) squares += static_cast<double>(vector[i]) * vector[i];
  if (!(std::abs(squares - 1) <= 1e-3)) {
    refuse(env, "Expected a vector of unit length but its squared length is " + std::to_string(squares));
  }
}

/** A bitset argument, or undefined for no filter. */
std::unique_ptr<Allowed> allowedArgument(const Napi::CallbackInfo& info, size_t at) {
  if (info.Length() <= at || info[at].IsUndefined() || info[at].IsNull()) return nullptr;
  const auto bits = arrayArgument<uint8_t>(info, at, napi_uint8_array, "Uint8Array");
  return std::make_unique<Allowed>(bits.data, bits.size * 8);
}

/** Results of all queries, one after the other: {counts, rows, scores}. */
Napi::Object toResult(Napi::Env env, const std::vector<std::vector<Scored>>& results) {
  size_t total = 0;
  for (const auto& result : results) total += result.size();
  auto counts = Napi::Uint32Array::New(env, results.size());
  auto rows = Napi::Uint32Array::New(env, total);
  auto scores = Napi::Float32Array::New(env, total);
  uint32_t* count = counts.Data();
  uint32_t* row = rows.Data();
  float* score = scores.Data();
  for (const auto& result : results) {
    *count++ = static_cast<uint32_t>(result.size());
    for (const auto& scored : result) {
      *row++ = scored.row;
      *score++ = scored.score;
    }
  }
  auto object = Napi::Object::New(env);
  object.Set("counts", counts);
  object.Set("rows", rows);
  object.Set("scores", scores);
  return object;
}

class HnswIndex : public Napi::ObjectWrap<HnswIndex> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "HnswIndex",
                       {InstanceMethod<&HnswIndex::add>("add"), InstanceMethod<&HnswIndex::search>("search"),
                        InstanceMethod<&HnswIndex::save>("save"), InstanceMethod<&HnswIndex::count>("count"),
                        InstanceMethod<&HnswIndex::close>("close")});
  }

  /** new HnswIndex('create', key, dimensions, capacity, m, efConstruction, seed) | ('open', key, dimensions, file, count) */
  explicit HnswIndex(const Napi::CallbackInfo& info) : Napi::ObjectWrap<HnswIndex>(info) {
    const auto env = info.Env();
    const auto kind = textArgument(info, 0);
    const auto key = textArgument(info, 1);
    const auto dimensions = countArgument(info, 2);
    if (kind != "create" && kind != "open") refuse(env, "Expected create or open");
    if (dimensions == 0) refuse(env, "Expected at least one dimension");
    // Held while a file is read and laid on huge pages, so that the workers that open the same one wait and share it.
    const std::lock_guard<std::mutex> lock(registryLock);
    auto shared = sharedUnder(key);
    if (shared == nullptr) {
      shared = kind == "create" ? created(info, dimensions) : read(info, dimensions);
      registry[key] = shared;
    }
    if (shared->dimensions != dimensions) refuse(env, "The index has other dimensions");
    if (shared->growing != (kind == "create")) refuse(env, "The index is open in another way");
    if (!shared->growing && shared->graph->count() != countArgument(info, 4)) refuse(env, "The index has another count");
    key_ = key;
    shared_ = std::move(shared);
  }

  ~HnswIndex() override { release(); }

 private:
  static std::shared_ptr<SharedGraph> created(const Napi::CallbackInfo& info, size_t dimensions) {
    const auto capacity = std::max<size_t>(1, countArgument(info, 3));
    const auto m = countArgument(info, 4);
    // With one link an element has no level: hnswlib divides by log(m).
    if (m < 2) refuse(info.Env(), "Expected at least 2 links an element");
    checkedProduct(info.Env(), capacity, 2 * m * sizeof(tableint) + dimensions * sizeof(float) + 64);
    auto made = std::make_shared<SharedGraph>(dimensions, true);
    made->graph = std::make_unique<Graph>(&made->space, capacity, m, countArgument(info, 5), countArgument(info, 6));
    return made;
  }

  static std::shared_ptr<SharedGraph> read(const Napi::CallbackInfo& info, size_t dimensions) {
    auto made = std::make_shared<SharedGraph>(dimensions, false);
    made->graph = std::make_unique<Graph>(&made->space, textArgument(info, 3));
    if (!made->graph->holds(dimensions)) refuse(info.Env(), "The index has other dimensions");
    return made;
  }

  SharedGraph& opened(Napi::Env env) {
    if (shared_ == nullptr) refuse(env, "The index is closed");
    return *shared_;
  }

  /** add(rows: Uint32Array, vectors: Float32Array [rows.length, dimensions]); workers may add to one index at once. */
  void add(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    if (!shared.growing) refuse(info.Env(), "An index from a file takes no more vectors");
    const auto rows = arrayArgument<uint32_t>(info, 0, napi_uint32_array, "Uint32Array");
    const auto vectors = floatsArgument(info, 1, shared.dimensions);
    if (vectors.size != checkedProduct(info.Env(), rows.size, shared.dimensions)) refuse(info.Env(), "Expected a vector for each row");
    for (size_t i = 0; i < rows.size; i++) checkUnit(info.Env(), vectors.data + i * shared.dimensions, shared.dimensions);
    const std::shared_lock<std::shared_mutex> lock(shared.saving);
    for (size_t i = 0; i < rows.size; i++) shared.graph->addPoint(vectors.data + i * shared.dimensions, rows.data[i]);
  }

  /** search(queries: Float32Array [n, dimensions], k, ef, allowed?: Uint8Array) */
  Napi::Value search(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    if (shared.growing) refuse(info.Env(), "An index that grows is not searched: save it and open the file");
    const auto queries = floatsArgument(info, 0, shared.dimensions);
    const auto k = countArgument(info, 1);
    const auto ef = countArgument(info, 2);
    const auto allowed = allowedArgument(info, 3);
    std::vector<std::vector<Scored>> results;
    for (size_t at = 0; at < queries.size; at += shared.dimensions) {
      checkUnit(info.Env(), queries.data + at, shared.dimensions);
      results.push_back(shared.graph->nearest(queries.data + at, k, ef, allowed.get()));
    }
    return toResult(info.Env(), results);
  }

  void save(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    const auto file = textArgument(info, 0);
    const std::unique_lock<std::shared_mutex> lock(shared.saving);
    shared.graph->save(file);
  }

  Napi::Value count(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(opened(info.Env()).graph->count()));
  }

  /** Frees the memory when it is the last of its sharers, without waiting for the garbage collector. */
  void close(const Napi::CallbackInfo&) { release(); }

  void release() {
    if (shared_ == nullptr) return;
    const std::lock_guard<std::mutex> lock(registryLock);
    shared_.reset();
    const auto entry = registry.find(key_);
    if (entry != registry.end() && entry->second.expired()) registry.erase(entry);
  }

  std::string key_;
  std::shared_ptr<SharedGraph> shared_;
};

/** A file of float32 vectors by memory map: its pages belong to the system's cache, not to the process. */
class VectorFile : public Napi::ObjectWrap<VectorFile> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "VectorFile",
                       {InstanceMethod<&VectorFile::nearest>("nearest"), InstanceMethod<&VectorFile::scores>("scores"),
                        InstanceMethod<&VectorFile::read>("read"), InstanceMethod<&VectorFile::close>("close")});
  }

  /** new VectorFile(file, dimensions, count) */
  explicit VectorFile(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<VectorFile>(info), dimensions_(countArgument(info, 1)), count_(countArgument(info, 2)) {
    const auto file = textArgument(info, 0);
    if (dimensions_ == 0 || count_ == 0) refuse(info.Env(), "Expected dimensions and a count above zero");
    bytes_ = checkedProduct(info.Env(), checkedProduct(info.Env(), dimensions_, count_), sizeof(float));
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) refuse(info.Env(), "Cannot open " + file);
    struct stat status;
    const bool fits = fstat(descriptor, &status) == 0 && static_cast<size_t>(status.st_size) == bytes_;
    void* mapped = fits ? mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, descriptor, 0) : MAP_FAILED;
    ::close(descriptor);
    if (mapped == MAP_FAILED) refuse(info.Env(), file + " does not hold " + std::to_string(count_) + " vectors");
    data_ = static_cast<const float*>(mapped);
  }

  ~VectorFile() override { unmap(); }

 private:
  void unmap() {
    if (data_ != nullptr) munmap(const_cast<float*>(data_), bytes_);
    data_ = nullptr;
  }

  float score(const float* query, size_t row) {
    return 1.0f - cosineDistance(query, data_ + row * dimensions_, &dimensions_);
  }

  /** nearest(queries: Float32Array [n, dimensions], k, allowed?: Uint8Array): exact, by one pass */
  Napi::Value nearest(const Napi::CallbackInfo& info) {
    if (data_ == nullptr) refuse(info.Env(), "The file is closed");
    const auto queries = floatsArgument(info, 0, dimensions_);
    const auto k = countArgument(info, 1);
    const auto allowed = allowedArgument(info, 2);
    std::vector<TopK> tops(queries.size / dimensions_, TopK(k));
    for (size_t row = 0; row < count_; row++) {
      if (allowed != nullptr && !allowed->has(row)) continue;
      for (size_t i = 0; i < tops.size(); i++) {
        tops[i].offer(score(queries.data + i * dimensions_, row), static_cast<uint32_t>(row));
      }
    }
    std::vector<std::vector<Scored>> results;
    for (auto& top : tops) results.push_back(top.sorted());
    return toResult(info.Env(), results);
  }

  /** scores(query: Float32Array [dimensions], rows: Uint32Array): the cosine of each row */
  Napi::Value scores(const Napi::CallbackInfo& info) {
    if (data_ == nullptr) refuse(info.Env(), "The file is closed");
    const auto query = floatsArgument(info, 0, dimensions_);
    const auto rows = arrayArgument<uint32_t>(info, 1, napi_uint32_array, "Uint32Array");
    if (query.size != dimensions_) refuse(info.Env(), "Expected one query");
    auto result = Napi::Float32Array::New(info.Env(), rows.size);
    for (size_t i = 0; i < rows.size; i++) {
      if (rows.data[i] >= count_) refuse(info.Env(), "There is no row " + std::to_string(rows.data[i]));
      result[i] = score(query.data, rows.data[i]);
    }
    return result;
  }

  /** read(rows: Uint32Array, into: Float32Array [rows.length, dimensions]) */
  void read(const Napi::CallbackInfo& info) {
    if (data_ == nullptr) refuse(info.Env(), "The file is closed");
    const auto rows = arrayArgument<uint32_t>(info, 0, napi_uint32_array, "Uint32Array");
    const auto into = floatsArgument(info, 1, dimensions_);
    if (into.size != checkedProduct(info.Env(), rows.size, dimensions_)) refuse(info.Env(), "Expected room for each row");
    for (size_t i = 0; i < rows.size; i++) {
      if (rows.data[i] >= count_) refuse(info.Env(), "There is no row " + std::to_string(rows.data[i]));
      std::copy_n(data_ + rows.data[i] * dimensions_, dimensions_, const_cast<float*>(into.data) + i * dimensions_);
    }
  }

  void close(const Napi::CallbackInfo&) { unmap(); }

  size_t dimensions_;
  size_t count_;
  size_t bytes_ = 0;
  const float* data_ = nullptr;
};

/** nearestOf(vectors: Float32Array [count, dimensions], dimensions, queries, k, allowed, firstRow): exact; rows count from firstRow */
Napi::Value nearestOf(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto dimensions = countArgument(info, 1);
  if (dimensions == 0) refuse(env, "Expected at least one dimension");
  const auto vectors = floatsArgument(info, 0, dimensions);
  const auto queries = floatsArgument(info, 2, dimensions);
  const auto k = countArgument(info, 3);
  const auto allowed = allowedArgument(info, 4);
  const auto firstRow = countArgument(info, 5);
  std::vector<TopK> tops(queries.size / dimensions, TopK(k));
  for (size_t at = 0, row = firstRow; at < vectors.size; at += dimensions, row++) {
    if (allowed != nullptr && !allowed->has(row)) continue;
    for (size_t i = 0; i < tops.size(); i++) {
      const float apart = cosineDistance(queries.data + i * dimensions, vectors.data + at, &dimensions);
      tops[i].offer(1.0f - apart, static_cast<uint32_t>(row));
    }
  }
  std::vector<std::vector<Scored>> results;
  for (auto& top : tops) results.push_back(top.sorted());
  return toResult(env, results);
}

/** Whether the squared distance of two vectors is above a bound; most pairs show it in their first numbers. */
bool isFurtherApart(const float* one, const float* other, size_t dimensions, float bound) {
  constexpr size_t block = 32;
  constexpr size_t lanes = 8;
  float sum = 0;
  for (size_t from = 0; from + block <= dimensions; from += block) {
    // Sums of their own for each lane: else the compiler has to add one number after the other.
    float sums[lanes] = {};
    for (size_t i = 0; i < block; i += lanes) {
      for (size_t lane = 0; lane < lanes; lane++) {
        const float difference = one[from + i + lane] - other[from + i + lane];
        sums[lane] += difference * difference;
      }
    }
    for (const float part : sums) sum += part;
    if (sum > bound) return true;
  }
  return false;
}

/** pairsOf(vectors: Float32Array [n, dimensions], dimensions, least): for each vector those before it that are so alike */
Napi::Value pairsOf(const Napi::CallbackInfo& info) {
  const auto env = info.Env();
  const auto dimensions = countArgument(info, 1);
  if (dimensions == 0) refuse(env, "Expected at least one dimension");
  const auto vectors = floatsArgument(info, 0, dimensions);
  if (info.Length() < 3 || !info[2].IsNumber()) refuse(env, "Expected a number");
  const float least = info[2].As<Napi::Number>().FloatValue();
  // Unit vectors whose inner product is at least `least` lie no further apart; the margin covers lengths that are not quite 1.
  const float furthest = 2 * (1 - least) + 4e-3f;
  std::vector<std::vector<Scored>> results(vectors.size / dimensions);
  for (size_t i = 0; i < results.size(); i++) {
    for (size_t j = 0; j < i; j++) {
      if (isFurtherApart(vectors.data + i * dimensions, vectors.data + j * dimensions, dimensions, furthest)) continue;
      const float apart =
          cosineDistance(vectors.data + i * dimensions, vectors.data + j * dimensions, &dimensions);
      if (1.0f - apart >= least) results[i].push_back({1.0f - apart, static_cast<uint32_t>(j)});
    }
  }
  return toResult(env, results);
}

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("HnswIndex", HnswIndex::define(env));
  exports.Set("VectorFile", VectorFile::define(env));
  exports.Set("nearestOf", Napi::Function::New<nearestOf>(env));
  exports.Set("pairsOf", Napi::Function::New<pairsOf>(env));
  // To be raised when what stands here changes: `native-addon.ts` refuses another one's.
  exports.Set("version", Napi::Number::New(env, 3));
  return exports;
}

}  // namespace

NODE_API_MODULE(vectors, initialize)
