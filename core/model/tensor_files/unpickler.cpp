#include "core/model/tensor_files/unpickler.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/model/tensor_files/foreign_file.h"

namespace dff {
namespace {

// Opcodes of pickle protocols 2 to 4 that state dicts are made of.
enum Opcode : uint8_t {
  Proto = 0x80,
  Frame = 0x95,
  Mark = '(',
  Stop = '.',
  Pop = '0',
  PopMark = '1',
  Global = 'c',
  StackGlobal = 0x93,
  Reduce = 'R',
  Build = 'b',
  BinPersId = 'Q',
  None = 'N',
  NewTrue = 0x88,
  NewFalse = 0x89,
  BinInt = 'J',
  BinInt1 = 'K',
  BinInt2 = 'M',
  Long1 = 0x8a,
  BinFloat = 'G',
  BinUnicode = 'X',
  ShortBinUnicode = 0x8c,
  BinString = 'T',
  ShortBinString = 'U',
  EmptyDict = '}',
  EmptyList = ']',
  EmptyTuple = ')',
  Tuple1 = 0x85,
  Tuple2 = 0x86,
  Tuple3 = 0x87,
  TupleFromMark = 't',
  Append = 'a',
  Appends = 'e',
  SetItem = 's',
  SetItems = 'u',
  BinPut = 'q',
  LongBinPut = 'r',
  BinGet = 'h',
  LongBinGet = 'j',
  Memoize = 0x94,
};

constexpr const char* kOrderedDict = "collections.OrderedDict";
constexpr const char* kTensor = "torch._utils._rebuild_tensor_v2";
constexpr const char* kParameter = "torch._utils._rebuild_parameter";
constexpr const char* kTypeTag = "torch.jit._pickle.restore_type_tag";  // LibTorch puts it round a container
constexpr const char* kKnownGlobals[] = {kOrderedDict,         kTensor,
                                         kParameter,           kTypeTag,
                                         "torch.FloatStorage", "torch.DoubleStorage",
                                         "torch.HalfStorage",  "torch.BFloat16Storage",
                                         "torch.LongStorage",  "torch.IntStorage",
                                         "torch.ShortStorage", "torch.CharStorage",
                                         "torch.ByteStorage",  "torch.BoolStorage",
                                         "torch.float32",      "torch.float64",
                                         "torch.float16",      "torch.bfloat16",
                                         "torch.int64",        "torch.uint8"};

}  // namespace

/// The stack machine that a pickle is a program for.
class Unpickler::Machine {
 public:
  explicit Machine(Unpickler& owner) : owner_(owner), in_(owner.bytes_, owner.where_) {}

  PickleValue run() {
    for (;;) {
      const auto code = in_.value<uint8_t>("an opcode");
      if (code == Stop) return pop();
      if (!constant(code) && !container(code) && !memory(code) && !object(code))
        refuse(text("opcode ", int(code), " at byte ", in_.at() - 1, ", which no state dict needs"));
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& what) { fail(owner_.where_, ": the pickle holds ", what); }

  void charge(size_t bytes) {
    if (bytes > owner_.budget_) refuse("more objects than a state dict of its size");
    owner_.budget_ -= bytes;
  }

  void push(PickleValue value) {
    charge(2 * sizeof value);  // vectors grow by doubling
    stack_.push_back(value);
  }
  PickleValue pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) refuse("an operation without operands");
    const PickleValue value = stack_.back();
    stack_.pop_back();
    return value;
  }
  template <class T>
  T popAs(const char* what) {
    const PickleValue value = pop();
    if (!std::holds_alternative<T>(value)) refuse(text("something else where ", what, " belongs"));
    return std::get<T>(value);
  }
  PickleObject& make(PickleKind kind, std::vector<PickleValue> items, std::string name = {}) {
    charge(sizeof(PickleObject) + items.size() * sizeof(PickleValue) + name.size());
    return owner_.objects_.emplace_back(PickleObject{kind, std::move(items), std::move(name)});
  }
  std::vector<PickleValue> popToMark() {
    if (marks_.empty()) refuse("an operation without its mark");
    const auto from = stack_.begin() + std::ptrdiff_t(marks_.back());
    std::vector<PickleValue> items(from, stack_.end());
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return items;
  }
  std::vector<PickleValue> popSome(int count) {
    std::vector<PickleValue> items;
    for (int i = 0; i < count; ++i) items.insert(items.begin(), pop());
    return items;
  }

  bool constant(uint8_t code) {
    switch (code) {
      case None:
        push({});
        return true;
      case NewTrue:
        push(true);
        return true;
      case NewFalse:
        push(false);
        return true;
      case BinInt:
        push(int64_t(in_.value<int32_t>("a number")));
        return true;
      case BinInt1:
        push(int64_t(in_.value<uint8_t>("a number")));
        return true;
      case BinInt2:
        push(int64_t(in_.value<uint16_t>("a number")));
        return true;
      case Long1:
        push(longNumber());
        return true;
      case BinFloat:
        push(bigEndianDouble());
        return true;
      case BinString:
      case BinUnicode:
        push(in_.take(in_.value<uint32_t>("a text"), "a text"));
        return true;
      case ShortBinString:
      case ShortBinUnicode:
        push(in_.take(in_.value<uint8_t>("a text"), "a text"));
        return true;
      default:
        return false;
    }
  }

  int64_t longNumber() {
    const auto bytes = in_.take(in_.value<uint8_t>("a number"), "a number");
    if (bytes.size() > 8) refuse("a number of more than 64 bits");
    uint64_t number = !bytes.empty() && (bytes.back() & 0x80) ? ~uint64_t(0) : 0;
    for (size_t i = 0; i < bytes.size(); ++i)
      number = (number & ~(uint64_t(0xff) << (8 * i))) | uint64_t(uint8_t(bytes[i])) << (8 * i);
    return int64_t(number);
  }

  double bigEndianDouble() {
    std::string bytes(in_.take(8, "a number"));
    std::reverse(bytes.begin(), bytes.end());
    double number;
    std::memcpy(&number, bytes.data(), 8);
    return number;
  }

  bool container(uint8_t code) {
    switch (code) {
      case Mark:
        charge(2 * sizeof(size_t));
        marks_.push_back(stack_.size());
        return true;
      case EmptyDict:
        push(&make(PickleKind::Dict, {}));
        return true;
      case EmptyList:
        push(&make(PickleKind::List, {}));
        return true;
      case EmptyTuple:
        push(&make(PickleKind::Tuple, {}));
        return true;
      case Tuple1:
      case Tuple2:
      case Tuple3:
        push(&make(PickleKind::Tuple, popSome(code - Tuple1 + 1)));
        return true;
      case TupleFromMark:
        push(&make(PickleKind::Tuple, popToMark()));
        return true;
      case Append:
        extend(popSome(1), PickleKind::List);
        return true;
      case Appends:
        extend(popToMark(), PickleKind::List);
        return true;
      case SetItem:
        extend(popSome(2), PickleKind::Dict);
        return true;
      case SetItems:
        extend(popToMark(), PickleKind::Dict);
        return true;
      default:
        return false;
    }
  }

  /// Adds to the container on top of the stack, which stays there.
  void extend(std::vector<PickleValue> items, PickleKind kind) {
    const auto* top = popAs<const PickleObject*>("a container");
    if (top->kind != kind || (kind == PickleKind::Dict && items.size() % 2)) refuse("items for another container");
    charge(2 * items.size() * sizeof(PickleValue));
    auto& to = const_cast<PickleObject*>(top)->items;  // ours: values of the stack look into objects_
    to.insert(to.end(), items.begin(), items.end());
    push(top);
  }

  bool memory(uint8_t code) {
    switch (code) {
      case Proto:
        in_.take(1, "the protocol");
        return true;
      case Frame:
        in_.take(8, "a frame");
        return true;
      case Pop:
        pop();
        return true;
      case PopMark:
        popToMark();
        return true;
      case BinPut:
        remember(in_.value<uint8_t>("a memo"));
        return true;
      case LongBinPut:
        remember(in_.value<uint32_t>("a memo"));
        return true;
      case Memoize:
        remember(uint32_t(memo_.size()));
        return true;
      case BinGet:
        recall(in_.value<uint8_t>("a memo"));
        return true;
      case LongBinGet:
        recall(in_.value<uint32_t>("a memo"));
        return true;
      default:
        return false;
    }
  }
  void remember(uint32_t index) {
    charge(sizeof(PickleValue) + 48);  // a node of the map
    const PickleValue value = pop();
    memo_[index] = value;
    push(value);
  }
  void recall(uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) refuse("a reference to nothing");
    push(found->second);
  }

  bool object(uint8_t code) {
    switch (code) {
      case Global: {
        const std::string module = line();
        import(module + "." + line());
        return true;
      }
      case StackGlobal: {
        const auto name = popAs<std::string_view>("a name"), module = popAs<std::string_view>("a module");
        import(std::string(module) + "." + std::string(name));
        return true;
      }
      case BinPersId:
        push(&storage(*popAs<const PickleObject*>("a storage")));
        return true;
      case Reduce:
        reduce();
        return true;
      case Build:
        pop();
        return true;  // attributes of the dict below: its _metadata
      default:
        return false;
    }
  }
  std::string line() {
    std::string name;
    for (char c; (c = in_.value<char>("a name")) != '\n';) name += c;
    return name;
  }
  void import(const std::string& name) {
    if (std::find(std::begin(kKnownGlobals), std::end(kKnownGlobals), name) == std::end(kKnownGlobals))
      refuse(text("the name ", name.substr(0, 100), ", which is not part of a state dict; nothing was run"));
    push(&make(PickleKind::Global, {}, name));
  }

  /// ("storage", type, key, device, elements)
  const PickleObject& storage(const PickleObject& id) {
    const auto& i = id.items;
    if (id.kind != PickleKind::Tuple || i.size() < 5 || i[0] != PickleValue(std::string_view("storage")) ||
        !isKind(i[1], PickleKind::Global) || !std::holds_alternative<std::string_view>(i[2]) ||
        !std::holds_alternative<int64_t>(i[4]))
      refuse("a reference that is not one to a storage");
    return make(PickleKind::Storage, {i[2], i[4]}, std::get<const PickleObject*>(i[1])->name);
  }

  static bool isKind(const PickleValue& value, PickleKind kind) {
    const auto* object = std::get_if<const PickleObject*>(&value);
    return object && (*object)->kind == kind;
  }

  void reduce() {
    const auto* arguments = popAs<const PickleObject*>("arguments");
    const auto* callee = popAs<const PickleObject*>("a name");
    if (arguments->kind != PickleKind::Tuple || callee->kind != PickleKind::Global) refuse("a call of something else");
    const auto& a = arguments->items;
    if (callee->name == kOrderedDict && a.empty()) return push(&make(PickleKind::Dict, {}));
    if (callee->name == kTypeTag && a.size() == 2) return push(a[0]);
    if (callee->name == kParameter && !a.empty() && isKind(a[0], PickleKind::Tensor)) return push(a[0]);
    if (callee->name == kTensor && a.size() >= 4 && isKind(a[0], PickleKind::Storage) &&
        std::holds_alternative<int64_t>(a[1]) && isKind(a[2], PickleKind::Tuple) && isKind(a[3], PickleKind::Tuple))
      return push(&make(PickleKind::Tensor, {a[0], a[1], a[2], a[3]}));
    refuse(text("a use of ", callee->name, " that torch.save does not make"));
  }

  Unpickler& owner_;
  ByteReader in_;
  std::vector<PickleValue> stack_;
  std::vector<size_t> marks_;
  std::map<uint32_t, PickleValue> memo_;
};

Unpickler::Unpickler(std::string_view bytes, std::string where, size_t budget)
    : bytes_(bytes), where_(std::move(where)), budget_(budget) {}
Unpickler::~Unpickler() = default;

PickleValue Unpickler::read() { return Machine(*this).run(); }

}  // namespace dff
