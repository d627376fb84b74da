// HNSW and exact search for the worker threads of src/adapters/hnsw/workers, compiled for the processor it runs on (`npm run native`).
//
// hnswlib-node takes one vector a call as a JavaScript array (44 us a call for 512 numbers), filters by calling back into
// JavaScript, and gives every worker its own copy of the index. This addon stands on the same C++ (the headers that
// hnswlib-node ships), reads and writes the same files, and takes typed arrays, many queries a call, a bitset as filter;
// workers of one process share one copy of an index. Memory is what a search waits for: the walk through the graph compares
// 8-bit copies of the vectors, fetched ahead and on huge pages where the system has them, and what it finds is compared again
// by the float32 vectors.
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
#include <cstdlib>
#include <cstring>
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

/** hnswlib's graph while it is built. */
class GrowingGraph : public hnswlib::HierarchicalNSW<float> {
 public:
  GrowingGraph(CosineSpace* space, size_t capacity, size_t m, size_t efConstruction, size_t seed)
      : HierarchicalNSW(space, capacity, m, efConstruction, seed) {}

  size_t count() const { return cur_element_count; }

  /** @throws where the file cannot be written whole: hnswlib does not look */
  void save(const std::string& file) {
    saveIndex(file);
    std::ifstream written(file, std::ios::binary | std::ios::ate);
    if (!written || static_cast<size_t>(written.tellg()) != indexFileSize()) {
      throw std::runtime_error("The index could not be written to " + file);
    }
  }
};

/** A file of float32 vectors by memory map: its pages belong to the system's cache, not to the process. */
class MappedVectors {
 public:
  /** @throws where the file cannot be read, or does not hold so many vectors */
  MappedVectors(const std::string& file, size_t dimensions, size_t bytes) : dimensions_(dimensions), bytes_(bytes) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw std::runtime_error("Cannot open " + file);
    struct stat status;
    const bool fits = fstat(descriptor, &status) == 0 && static_cast<size_t>(status.st_size) == bytes_;
    void* mapped = fits ? mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, descriptor, 0) : MAP_FAILED;
    ::close(descriptor);
    if (mapped == MAP_FAILED) {
      throw std::runtime_error(file + " does not hold " + std::to_string(bytes / dimensions / sizeof(float)) + " vectors");
    }
    data_ = static_cast<const float*>(mapped);
  }
  ~MappedVectors() { munmap(const_cast<float*>(data_), bytes_); }
  MappedVectors(const MappedVectors&) = delete;
  MappedVectors& operator=(const MappedVectors&) = delete;

  const float* row(size_t row) const { return data_ + row * dimensions_; }
  size_t dimensions() const { return dimensions_; }
  size_t count() const { return bytes_ / sizeof(float) / dimensions_; }
  /** The cosine of a unit vector with a row. */
  float score(const float* query, size_t at) const { return 1.0f - cosineDistance(query, row(at), &dimensions_); }

 private:
  size_t dimensions_;
  size_t bytes_;
  const float* data_ = nullptr;
};

/** The numbers of a vector as 16-bit integers: each stands for itself times `scale`. */
struct QuantizedQuery {
  float scale;
  std::vector<int16_t> values;
};

/**
 * A graph that is searched: the links of a file of hnswlib's with the vectors as 8-bit numbers, a quarter of the memory that a
 * search has to read. The walk compares by these, and what it finds is compared again by the float32 vectors of the
 * segment's file, so that scores are exact.
 */
class SearchedGraph {
 public:
  /**
   * @param rows of the file of vectors: the labels of the graph are their numbers
   * @throws where the file is not one of such vectors
   */
  SearchedGraph(const std::string& file, std::shared_ptr<const MappedVectors> vectors)
      : vectors_(std::move(vectors)), dimensions_(vectors_->dimensions()) {
    std::ifstream input(file, std::ios::binary);
    if (!input) throw std::runtime_error("Cannot open " + file);
    read(input);
  }

  size_t count() const { return count_; }

  std::vector<Scored> nearest(const float* query, size_t k, size_t ef, const Allowed* allowed) const {
    if (count_ == 0 || k == 0) return {};
    const QuantizedQuery quantized = quantizeQuery(query);
    const Reached entry = descend(quantized);
    // A little wider than asked for: 8-bit numbers put some of the last ones in the wrong order.
    const size_t asked = std::max(ef, k);
    const size_t width = asked + asked / 8;
    const auto found = allowed == nullptr ? walk(quantized, entry, width, [](uint32_t) { return true; })
                                          : walk(quantized, entry, width, [this, allowed](uint32_t element) {
                                              return allowed->has(labels_[element]);
                                            });
    return rescore(query, found, k);
  }

 private:
  /** An element that a search has come to. */
  struct Reached {
    float distance;
    uint32_t element;
  };

  static constexpr size_t cacheLine = 64;
  static constexpr size_t mostReserved = 4096;
  static constexpr uint32_t noUpperLinks = UINT32_MAX;
  /** Far above what hnswlib draws: with 16 links an element, level 16 has a chance of 10^-19. */
  static constexpr int mostLevels = 64;

  static bool isNearer(const Reached& one, const Reached& other) { return one.distance < other.distance; }
  static bool isFarther(const Reached& one, const Reached& other) { return one.distance > other.distance; }

  template <typename T>
  static T readOne(std::istream& input) {
    T value{};
    if (!input.read(reinterpret_cast<char*>(&value), sizeof(T))) throw std::runtime_error("The index is cut off");
    return value;
  }

  /** The format of hnswlib's `saveIndex` (hnswalg.h). Every number that a search uses as a place or as a count is checked. */
  void read(std::istream& input) {
    const auto firstLevel = readOne<size_t>(input);
    readOne<size_t>(input);  // capacity
    const auto count = readOne<size_t>(input);
    const auto recordBytes = readOne<size_t>(input);
    const auto labelAt = readOne<size_t>(input);
    const auto vectorAt = readOne<size_t>(input);
    const auto maxLevel = readOne<int>(input);
    const auto entry = readOne<tableint>(input);
    const auto maxLinksAbove = readOne<size_t>(input);
    const auto maxLinks = readOne<size_t>(input);
    readOne<size_t>(input);  // M
    readOne<double>(input);  // mult
    readOne<size_t>(input);  // ef_construction
    const size_t linkBytes = maxLinks * sizeof(tableint) + sizeof(hnswlib::linklistsizeint);
    const size_t vectorBytes = dimensions_ * sizeof(float);
    if (firstLevel != 0 || vectorAt != linkBytes || labelAt != vectorAt + vectorBytes ||
        recordBytes != labelAt + sizeof(labeltype)) {
      throw std::runtime_error("The index has other dimensions");
    }
    if (count > vectors_->count() || count > INT32_MAX || maxLinks > UINT16_MAX || maxLinksAbove > UINT16_MAX ||
        (count > 0 && (entry >= count || maxLevel < 0 || maxLevel > mostLevels))) {
      throw std::runtime_error("The index does not fit the file of vectors");
    }
    count_ = count;
    entry_ = entry;
    maxLevel_ = maxLevel;
    linksAt_ = (sizeof(float) + dimensions_ + sizeof(uint32_t) - 1) / sizeof(uint32_t) * sizeof(uint32_t);
    stride_ = (linksAt_ + linkBytes + cacheLine - 1) / cacheLine * cacheLine;
    allocate();
    std::vector<char> record(recordBytes);
    std::vector<bool> seenLabels(vectors_->count());
    for (size_t i = 0; i < count_; i++) {
      if (!input.read(record.data(), static_cast<std::streamsize>(recordBytes))) {
        throw std::runtime_error("The index is cut off");
      }
      addRecord(i, record.data(), {maxLinks, vectorAt, labelAt});
      const uint32_t label = labels_[i];
      if (seenLabels[label]) throw std::runtime_error("Two elements of the index have one label");
      seenLabels[label] = true;
    }
    for (size_t i = 0; i < count_; i++) addUpperLinks(i, input, maxLinksAbove);
    if (input.peek() != std::istream::traits_type::eof()) throw std::runtime_error("The index has more bytes than it says");
    if (count_ > 0 && levelsOf(entry_) != maxLevel_) throw std::runtime_error("The index begins at an element of another level");
  }

  struct RecordLayout {
    size_t maxLinks;
    size_t vectorAt;
    size_t labelAt;
  };

  /** The records on huge pages: a search jumps about in memory, and with 4 KiB pages nearly every jump looks up its page first. */
  void allocate() {
    constexpr size_t page = size_t{2} << 20;
    const size_t bytes = (std::max<size_t>(1, count_) * stride_ + page - 1) / page * page;
    records_.reset(static_cast<char*>(std::aligned_alloc(page, bytes)));
    if (records_ == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
    madvise(records_.get(), bytes, MADV_HUGEPAGE);
#endif
    labels_.resize(count_);
    upper_.assign(count_, noUpperLinks);
    visitedLists_ = std::make_unique<hnswlib::VisitedListPool>(1, static_cast<int>(std::max<size_t>(1, count_)));
  }

  void addRecord(size_t element, const char* from, const RecordLayout& layout) {
    char* record = records_.get() + element * stride_;
    // The size takes two bytes of the first word; hnswlib keeps a mark of deleted elements in the third.
    const auto links = *reinterpret_cast<const uint16_t*>(from);
    if (links > layout.maxLinks) throw std::runtime_error("An element of the index has too many links");
    auto* into = reinterpret_cast<uint32_t*>(record + linksAt_);
    *into = links;
    std::memcpy(into + 1, from + sizeof(hnswlib::linklistsizeint), links * sizeof(uint32_t));
    for (size_t i = 1; i <= links; i++) {
      if (into[i] >= count_) throw std::runtime_error("A link of the index leads nowhere");
    }
    labeltype label;
    std::memcpy(&label, from + layout.labelAt, sizeof(label));
    if (label >= vectors_->count()) throw std::runtime_error("A label of the index is no row of the file of vectors");
    labels_[element] = static_cast<uint32_t>(label);
    std::vector<float> vector(dimensions_);
    std::memcpy(vector.data(), from + layout.vectorAt, dimensions_ * sizeof(float));
    const float largest = largestOf(vector.data());
    if (!std::isfinite(largest)) throw std::runtime_error("A vector of the index has a number that is not finite");
    const float scale = largest / 127.0f;
    std::memcpy(record, &scale, sizeof(scale));
    auto* codes = reinterpret_cast<int8_t*>(record + sizeof(float));
    for (size_t i = 0; i < dimensions_; i++) {
      // Clamped: the division by a scale that is nearly 0 can give 128.
      const float steps = scale == 0.0f ? 0.0f : std::round(vector[i] / scale);
      codes[i] = static_cast<int8_t>(std::clamp(steps, -127.0f, 127.0f));
    }
  }

  /** Links of the levels above the lowest, one after the other: the count, then room for the most that there can be. */
  void addUpperLinks(size_t element, std::istream& input, size_t maxLinks) {
    const auto bytes = readOne<unsigned int>(input);
    const size_t levelBytes = maxLinks * sizeof(tableint) + sizeof(hnswlib::linklistsizeint);
    if (bytes == 0) return;
    if (bytes % levelBytes != 0 || bytes / levelBytes > mostLevels) {
      throw std::runtime_error("The index has levels of another size");
    }
    upperStride_ = levelBytes / sizeof(uint32_t);
    upper_[element] = static_cast<uint32_t>(upperLinks_.size() / upperStride_);
    const size_t from = upperLinks_.size();
    upperLinks_.resize(from + bytes / sizeof(uint32_t));
    if (!input.read(reinterpret_cast<char*>(upperLinks_.data() + from), bytes)) {
      throw std::runtime_error("The index is cut off");
    }
    for (size_t level = from; level < upperLinks_.size(); level += upperStride_) {
      upperLinks_[level] &= 0xffff;
      if (upperLinks_[level] > maxLinks) throw std::runtime_error("An element of the index has too many links");
      for (size_t i = 1; i <= upperLinks_[level]; i++) {
        if (upperLinks_[level + i] >= count_) throw std::runtime_error("A link of the index leads nowhere");
      }
    }
    levels_.resize(std::max<size_t>(levels_.size(), upper_[element] + 1));
    levels_[upper_[element]] = static_cast<uint16_t>(bytes / levelBytes);
  }

  /** How many levels above the lowest an element is on. */
  int levelsOf(uint32_t element) const { return upper_[element] == noUpperLinks ? 0 : levels_[upper_[element]]; }

  /** The largest absolute value; not finite where one of them is not. */
  float largestOf(const float* vector) const {
    float largest = 0;
    for (size_t i = 0; i < dimensions_; i++) {
      if (!std::isfinite(vector[i])) return std::abs(vector[i]);
      largest = std::max(largest, std::abs(vector[i]));
    }
    return largest;
  }

  /** So many steps that the sum of all products with 8-bit numbers stays within 32 bits. */
  QuantizedQuery quantizeQuery(const float* query) const {
    const float most = std::min(16383.0f, std::floor(2147483647.0f / (127.0f * static_cast<float>(dimensions_ + 1))));
    const float scale = largestOf(query) / most;
    QuantizedQuery quantized{scale, std::vector<int16_t>(dimensions_)};
    for (size_t i = 0; i < dimensions_; i++) quantized.values[i] = static_cast<int16_t>(std::lround(query[i] / scale));
    return quantized;
  }

  Reached reach(const QuantizedQuery& query, uint32_t element) const {
    const char* record = records_.get() + element * stride_;
    float scale;
    std::memcpy(&scale, record, sizeof(scale));
    const auto* codes = reinterpret_cast<const int8_t*>(record + sizeof(float));
    const int16_t* values = query.values.data();
    int32_t product = 0;
    for (size_t i = 0; i < dimensions_; i++) product += static_cast<int32_t>(codes[i]) * values[i];
    return {1.0f - scale * query.scale * static_cast<float>(product), element};
  }

  struct Links {
    const uint32_t* list;
    const uint32_t* begin() const { return list + 1; }
    const uint32_t* end() const { return list + 1 + *list; }
  };

  const uint32_t* linksOf(uint32_t element) const {
    return reinterpret_cast<const uint32_t*>(records_.get() + element * stride_ + linksAt_);
  }

  /** @param level above the lowest, which is 0 @returns nullptr where the element is not on it */
  const uint32_t* upperLinksOf(uint32_t element, int level) const {
    const uint32_t first = upper_[element];
    if (first == noUpperLinks || level > levels_[first]) return nullptr;
    return upperLinks_.data() + (first + static_cast<size_t>(level) - 1) * upperStride_;
  }

  /** Down the upper levels: the nearest of each is the entry to the next. */
  Reached descend(const QuantizedQuery& query) const {
    Reached nearest = reach(query, entry_);
    for (int level = maxLevel_; level > 0; level--) {
      for (bool closer = true; closer;) {
        closer = false;
        const uint32_t* list = upperLinksOf(nearest.element, level);
        if (list == nullptr) break;
        for (const uint32_t neighbor : Links{list}) {
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
  std::vector<Reached> walk(const QuantizedQuery& query, Reached entry, size_t width, Wanted wanted) const {
    Visited visited(*visitedLists_);
    // Heaps: the farthest of what was found is on top, and the nearest of what waits.
    std::vector<Reached> found;
    std::vector<Reached> waiting;
    std::vector<uint32_t> fresh;
    found.reserve(std::min<size_t>(width + 1, mostReserved));
    waiting.reserve(std::min<size_t>(8 * width, mostReserved));
    visited.add(entry.element);
    waiting.push_back(entry);
    if (wanted(entry.element)) found.push_back(entry);

    while (!waiting.empty()) {
      const Reached nearest = waiting.front();
      if (found.size() >= width && isFarther(nearest, found.front())) break;
      std::pop_heap(waiting.begin(), waiting.end(), isFarther);
      waiting.pop_back();
      fresh.clear();
      for (const uint32_t neighbor : Links{linksOf(nearest.element)}) {
        if (!visited.add(neighbor)) continue;
        fresh.push_back(neighbor);
        fetchCodes(neighbor);
      }
      for (const uint32_t element : fresh) {
        const Reached next = reach(query, element);
        if (found.size() >= width && !isNearer(next, found.front())) continue;
        waiting.push_back(next);
        std::push_heap(waiting.begin(), waiting.end(), isFarther);
        __builtin_prefetch(linksOf(waiting.front().element));
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

  /** The k best of what a walk found, by their float32 vectors. */
  std::vector<Scored> rescore(const float* query, const std::vector<Reached>& found, size_t k) const {
    TopK top(k);
    for (size_t i = 0; i < found.size(); i++) {
      if (i + 1 < found.size()) fetch(vectors_->row(labels_[found[i + 1].element]), dimensions_ * sizeof(float));
      const uint32_t row = labels_[found[i].element];
      top.offer(vectors_->score(query, row), row);
    }
    return top.sorted();
  }

  /** Asks the processor for the 8-bit numbers of an element while it works on another one. */
  void fetchCodes(uint32_t element) const { fetch(records_.get() + element * stride_, sizeof(float) + dimensions_); }

  static void fetch(const void* from, size_t bytes) {
    const char* data = static_cast<const char*>(from);
    for (size_t at = 0; at < bytes; at += cacheLine) __builtin_prefetch(data + at);
  }

  /** Which elements a search has seen; marks of the graph's pool, given back at the end. */
  class Visited {
   public:
    explicit Visited(hnswlib::VisitedListPool& pool)
        : pool_(pool), list_(pool.getFreeVisitedList()), marks_(list_->mass), mark_(list_->curV) {}
    ~Visited() { pool_.releaseVisitedList(list_); }
    Visited(const Visited&) = delete;
    Visited& operator=(const Visited&) = delete;

    /** Whether it was not yet in. */
    bool add(uint32_t element) {
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

  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };

  std::shared_ptr<const MappedVectors> vectors_;
  size_t dimensions_;
  size_t count_ = 0;
  uint32_t entry_ = 0;
  int maxLevel_ = -1;
  /** Of each element: the scale of its numbers as a float, the numbers, the count of its links, the links. */
  std::unique_ptr<char, Free> records_;
  size_t stride_ = 0;
  size_t linksAt_ = 0;
  std::vector<uint32_t> labels_;
  /** Where the upper links of an element begin, in levels; `noUpperLinks` where it has none. */
  std::vector<uint32_t> upper_;
  std::vector<uint32_t> upperLinks_;
  size_t upperStride_ = 1;
  /** How many upper levels the element has whose links begin there. */
  std::vector<uint16_t> levels_;
  std::unique_ptr<hnswlib::VisitedListPool> visitedLists_;
};

/** What the workers of this process share: a graph that grows and is not searched, or one from a file, which does not change. */
struct SharedGraph {
  explicit SharedGraph(size_t size) : dimensions(size), space(size) {}
  const size_t dimensions;
  CosineSpace space;
  std::unique_ptr<GrowingGraph> growing;
  /** Held alone by a save, together by those who add. */
  std::shared_mutex saving;
  std::unique_ptr<const SearchedGraph> searched;
  /** The file of vectors of a graph that is searched. */
  std::string vectors;
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

  /**
   * new HnswIndex('create', key, dimensions, capacity, m, efConstruction, seed)
   * new HnswIndex('open', key, dimensions, file, count, vectors: the file that the rows of the graph lie in)
   */
  explicit HnswIndex(const Napi::CallbackInfo& info) : Napi::ObjectWrap<HnswIndex>(info) {
    const auto env = info.Env();
    const auto kind = textArgument(info, 0);
    const auto key = textArgument(info, 1);
    const auto dimensions = countArgument(info, 2);
    if (kind != "create" && kind != "open") refuse(env, "Expected create or open");
    if (dimensions == 0) refuse(env, "Expected at least one dimension");
    // Held while a file is read, so that the workers that open the same one wait and share it.
    const std::lock_guard<std::mutex> lock(registryLock);
    auto shared = sharedUnder(key);
    if (shared == nullptr) {
      shared = kind == "create" ? created(info, dimensions) : read(info, dimensions);
      registry[key] = shared;
    }
    if (shared->dimensions != dimensions) refuse(env, "The index has other dimensions");
    if (kind == "open" && shared->vectors != textArgument(info, 5)) refuse(env, "The index has another file of vectors");
    if ((shared->growing != nullptr) != (kind == "create")) refuse(env, "The index is open in another way");
    if (shared->searched != nullptr && shared->searched->count() != countArgument(info, 4)) {
      refuse(env, "The index has another count");
    }
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
    auto made = std::make_shared<SharedGraph>(dimensions);
    made->growing =
        std::make_unique<GrowingGraph>(&made->space, capacity, m, countArgument(info, 5), countArgument(info, 6));
    return made;
  }

  static std::shared_ptr<SharedGraph> read(const Napi::CallbackInfo& info, size_t dimensions) {
    const auto file = textArgument(info, 5);
    struct stat status;
    if (stat(file.c_str(), &status) != 0) refuse(info.Env(), "Cannot open " + file);
    const auto bytes = static_cast<size_t>(status.st_size);
    if (bytes % (dimensions * sizeof(float)) != 0) refuse(info.Env(), "The index has other dimensions");
    if (bytes == 0) refuse(info.Env(), file + " is empty");
    auto made = std::make_shared<SharedGraph>(dimensions);
    made->vectors = file;
    auto vectors = std::make_shared<const MappedVectors>(file, dimensions, bytes);
    made->searched = std::make_unique<const SearchedGraph>(textArgument(info, 3), std::move(vectors));
    return made;
  }

  SharedGraph& opened(Napi::Env env) {
    if (shared_ == nullptr) refuse(env, "The index is closed");
    return *shared_;
  }

  /** add(rows: Uint32Array, vectors: Float32Array [rows.length, dimensions]); workers may add to one index at once. */
  void add(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    if (shared.growing == nullptr) refuse(info.Env(), "An index from a file takes no more vectors");
    const auto rows = arrayArgument<uint32_t>(info, 0, napi_uint32_array, "Uint32Array");
    const auto vectors = floatsArgument(info, 1, shared.dimensions);
    if (vectors.size != checkedProduct(info.Env(), rows.size, shared.dimensions)) refuse(info.Env(), "Expected a vector for each row");
    for (size_t i = 0; i < rows.size; i++) checkUnit(info.Env(), vectors.data + i * shared.dimensions, shared.dimensions);
    const std::shared_lock<std::shared_mutex> lock(shared.saving);
    for (size_t i = 0; i < rows.size; i++) shared.growing->addPoint(vectors.data + i * shared.dimensions, rows.data[i]);
  }

  /** search(queries: Float32Array [n, dimensions], k, ef, allowed?: Uint8Array) */
  Napi::Value search(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    if (shared.searched == nullptr) refuse(info.Env(), "An index that grows is not searched: save it and open the file");
    const auto queries = floatsArgument(info, 0, shared.dimensions);
    const auto k = countArgument(info, 1);
    const auto ef = countArgument(info, 2);
    const auto allowed = allowedArgument(info, 3);
    std::vector<std::vector<Scored>> results;
    for (size_t at = 0; at < queries.size; at += shared.dimensions) {
      checkUnit(info.Env(), queries.data + at, shared.dimensions);
      results.push_back(shared.searched->nearest(queries.data + at, k, ef, allowed.get()));
    }
    return toResult(info.Env(), results);
  }

  void save(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    const auto file = textArgument(info, 0);
    if (shared.growing == nullptr) refuse(info.Env(), "An index from a file is not saved again");
    const std::unique_lock<std::shared_mutex> lock(shared.saving);
    shared.growing->save(file);
  }

  Napi::Value count(const Napi::CallbackInfo& info) {
    auto& shared = opened(info.Env());
    const size_t count = shared.growing != nullptr ? shared.growing->count() : shared.searched->count();
    return Napi::Number::New(info.Env(), static_cast<double>(count));
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

/** Exact comparisons with the vectors of a file. */
class VectorFile : public Napi::ObjectWrap<VectorFile> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(env, "VectorFile",
                       {InstanceMethod<&VectorFile::nearest>("nearest"), InstanceMethod<&VectorFile::scores>("scores"),
                        InstanceMethod<&VectorFile::read>("read"), InstanceMethod<&VectorFile::close>("close")});
  }

  /** new VectorFile(file, dimensions, count) */
  explicit VectorFile(const Napi::CallbackInfo& info) : Napi::ObjectWrap<VectorFile>(info) {
    const auto dimensions = countArgument(info, 1);
    const auto count = countArgument(info, 2);
    if (dimensions == 0 || count == 0) refuse(info.Env(), "Expected dimensions and a count above zero");
    const auto bytes = checkedProduct(info.Env(), checkedProduct(info.Env(), dimensions, count), sizeof(float));
    vectors_ = std::make_unique<const MappedVectors>(textArgument(info, 0), dimensions, bytes);
  }

 private:
  const MappedVectors& opened(Napi::Env env) {
    if (vectors_ == nullptr) refuse(env, "The file is closed");
    return *vectors_;
  }

  /** nearest(queries: Float32Array [n, dimensions], k, allowed?: Uint8Array): exact, by one pass */
  Napi::Value nearest(const Napi::CallbackInfo& info) {
    const auto& vectors = opened(info.Env());
    const auto dimensions = vectors.dimensions();
    const auto queries = floatsArgument(info, 0, dimensions);
    const auto k = countArgument(info, 1);
    const auto allowed = allowedArgument(info, 2);
    std::vector<TopK> tops(queries.size / dimensions, TopK(k));
    for (size_t row = 0; row < vectors.count(); row++) {
      if (allowed != nullptr && !allowed->has(row)) continue;
      for (size_t i = 0; i < tops.size(); i++) {
        tops[i].offer(vectors.score(queries.data + i * dimensions, row), static_cast<uint32_t>(row));
      }
    }
    std::vector<std::vector<Scored>> results;
    for (auto& top : tops) results.push_back(top.sorted());
    return toResult(info.Env(), results);
  }

  /** scores(query: Float32Array [dimensions], rows: Uint32Array): the cosine of each row */
  Napi::Value scores(const Napi::CallbackInfo& info) {
    const auto& vectors = opened(info.Env());
    const auto query = floatsArgument(info, 0, vectors.dimensions());
    const auto rows = arrayArgument<uint32_t>(info, 1, napi_uint32_array, "Uint32Array");
    if (query.size != vectors.dimensions()) refuse(info.Env(), "Expected one query");
    auto result = Napi::Float32Array::New(info.Env(), rows.size);
    for (size_t i = 0; i < rows.size; i++) {
      result[i] = vectors.score(query.data, checkedRow(info.Env(), vectors, rows.data[i]));
    }
    return result;
  }

  /** read(rows: Uint32Array, into: Float32Array [rows.length, dimensions]) */
  void read(const Napi::CallbackInfo& info) {
    const auto& vectors = opened(info.Env());
    const auto dimensions = vectors.dimensions();
    const auto rows = arrayArgument<uint32_t>(info, 0, napi_uint32_array, "Uint32Array");
    const auto into = floatsArgument(info, 1, dimensions);
    if (into.size != checkedProduct(info.Env(), rows.size, dimensions)) refuse(info.Env(), "Expected room for each row");
    for (size_t i = 0; i < rows.size; i++) {
      const float* vector = vectors.row(checkedRow(info.Env(), vectors, rows.data[i]));
      std::copy_n(vector, dimensions, const_cast<float*>(into.data) + i * dimensions);
    }
  }

  static size_t checkedRow(Napi::Env env, const MappedVectors& vectors, size_t row) {
    if (row >= vectors.count()) refuse(env, "There is no row " + std::to_string(row));
    return row;
  }

  void close(const Napi::CallbackInfo&) { vectors_.reset(); }

  std::unique_ptr<const MappedVectors> vectors_;
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

Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  exports.Set("HnswIndex", HnswIndex::define(env));
  exports.Set("VectorFile", VectorFile::define(env));
  exports.Set("nearestOf", Napi::Function::New<nearestOf>(env));
  // To be raised when what stands here changes: `native-addon.ts` refuses another one's.
  exports.Set("version", Napi::Number::New(env, 4));
  return exports;
}

}  // namespace

NODE_API_MODULE(vectors, initialize)
