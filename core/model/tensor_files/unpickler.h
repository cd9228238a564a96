#pragma once
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dff {

struct PickleObject;

/// What a pickle says: nothing, a number, a text, or an object. Objects belong to the Unpickler.
using PickleValue = std::variant<std::monostate, bool, int64_t, double, std::string_view, const PickleObject*>;

/// What an object is.
enum class PickleKind { Tuple, List, Dict, Global, Storage, Tensor };

/// Its parts: items of a tuple or list; keys and values in turn of a dict; name of a global; and of a storage type, key
/// and number of elements; of a tensor its storage, first element, shape, strides.
struct PickleObject {
  PickleKind kind = PickleKind::Tuple;
  std::vector<PickleValue> items;
  std::string name;
};

/// Reads what torch.save pickles of a state dict, and refuses everything else: numbers, texts, containers, OrderedDict,
/// and tensors over storages. A name that a pickle imports is only compared with those known; none is ever called.
class Unpickler {
 public:
  /// `budget`: bytes that objects may take. Throws Error naming `where`.
  Unpickler(std::string_view bytes, std::string where, size_t budget);
  ~Unpickler();
  PickleValue read();

 private:
  class Machine;
  std::string_view bytes_;
  std::string where_;
  size_t budget_;
  std::deque<PickleObject> objects_;
};

}  // namespace dff
