#include "policy/engine/pack_text.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"

namespace sluis::policy {
namespace {

namespace proto = ::google::protobuf;
using Lines = proto::TextFormat::ParseInfoTree;

constexpr std::size_t kMaxFile = 1 << 20;
constexpr std::size_t kMaxFaultsShown = 20;
constexpr int kMaxDepth = 16;

// The quoted words of one of protobuf's messages.
std::vector<std::string> Quoted(std::string_view message) {
  std::vector<std::string> words;
  for (std::size_t open = message.find('"'); open != message.npos;) {
    const std::size_t close = message.find('"', open + 1);
    if (close == message.npos) break;
    words.emplace_back(message.substr(open + 1, close - open - 1));
    open = message.find('"', close + 1);
  }
  return words;
}

// `Message type "X" has no field named "Y".` with the nearest member of X.
std::string SuggestMember(std::string_view message) {
  const std::vector<std::string> words = Quoted(message);
  if (words.size() != 2 || words[1].size() > 64 ||
      message.find("has no field named") == message.npos)
    return "";
  const proto::Descriptor* type =
      proto::DescriptorPool::generated_pool()->FindMessageTypeByName(words[0]);
  if (type == nullptr) return "";
  std::vector<std::string> members;
  for (int i = 0; i < type->field_count(); ++i) members.push_back(type->field(i)->name());
  const std::string near = Nearest(words[1], members);
  return near.empty() ? "" : absl::StrFormat(" Did you mean `%s`?", near);
}

class Collector : public proto::io::ErrorCollector {
 public:
  Collector(const std::string& file, Faults& faults) : file_(file), faults_(faults) {}

  void AddError(int line, proto::io::ColumnNumber column, const std::string& message) override {
    faults_.Add(file_, line + 1, column + 1, message + SuggestMember(message));
  }

 private:
  const std::string& file_;
  Faults& faults_;
};

bool IsPrintable(std::string_view text) {
  if (!IsValidUtf8(text)) return false;
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

bool IsTrimmed(std::string_view text) {
  return text.empty() || (text.front() != ' ' && text.back() != ' ');
}

void CheckString(const Spot& spot, int member, int index, const std::string& text) {
  if (!IsPrintable(text)) spot.Fault(member, index, "text is not printable UTF-8");
  if (!IsTrimmed(text)) spot.Fault(member, index, "text starts or ends with a space");
}

// Every string of the message and of those inside it.
void CheckStrings(const Spot& spot, const proto::Message& message) {
  const proto::Reflection& reflection = *message.GetReflection();
  std::vector<const proto::FieldDescriptor*> members;
  reflection.ListFields(message, &members);
  for (const proto::FieldDescriptor* member : members) {
    const int count = member->is_repeated() ? reflection.FieldSize(message, member) : 1;
    for (int i = 0; i < count; ++i) {
      const int index = member->is_repeated() ? i : -1;
      if (member->cpp_type() == proto::FieldDescriptor::CPPTYPE_STRING) {
        CheckString(spot, member->number(), index,
                    index < 0 ? reflection.GetString(message, member)
                              : reflection.GetRepeatedString(message, member, index));
      } else if (member->cpp_type() == proto::FieldDescriptor::CPPTYPE_MESSAGE) {
        const proto::Message& value = index < 0
                                          ? reflection.GetMessage(message, member)
                                          : reflection.GetRepeatedMessage(message, member, index);
        CheckStrings(spot.In(value, member->number(), index), value);
      }
    }
  }
}

}  // namespace

void Faults::Add(const std::string& file, int line, int column, std::string what) {
  list_.push_back(
      {line > 0 ? absl::StrFormat("%s:%d:%d", file, line, column) : file, std::move(what)});
}

absl::Status Faults::ToStatus() const {
  if (list_.empty()) return absl::OkStatus();
  std::vector<FieldViolation> violations;
  for (const Fault& fault : list_) {
    if (violations.size() == kMaxFaultsShown) break;
    violations.push_back({fault.where, fault.what});
  }
  return InvalidFields("PACK_INVALID", std::move(violations));
}

Spot::Spot(Faults& faults, const ParsedFile& file)
    : Spot(faults, file.name, file.content, &file.lines, Place{}) {}

Spot::Spot(Faults& faults, const std::string& file, const proto::Message& message,
           const Lines* lines, Place place)
    : faults_(&faults), file_(&file), message_(&message), lines_(lines), place_(place) {}

// A list in brackets has one place for all its values: then the last place at or before `index` is
// the line.
Place Spot::PlaceOf(const proto::FieldDescriptor& member, int index) const {
  if (lines_ == nullptr) return place_;
  if (member.is_repeated()) index = std::max(index, 0);
  const auto at = [&](int i) {
    const proto::TextFormat::ParseLocation found = lines_->GetLocation(&member, i);
    return Place{found.line + 1, found.column + 1};
  };
  for (int i = index; i >= 0; --i) {
    if (at(i).line > 0) return at(i);
  }
  return index < 0 && at(-1).line > 0 ? at(-1) : place_;
}

Spot Spot::In(const proto::Message& value, int member, int index) const {
  const proto::FieldDescriptor& field = *message_->GetDescriptor()->FindFieldByNumber(member);
  const Lines* inside = lines_ == nullptr ? nullptr : lines_->GetTreeForNested(&field, index);
  return {*faults_, *file_, value, inside, PlaceOf(field, index)};
}

void Spot::Fault(int member, int index, std::string what) const {
  const proto::FieldDescriptor& field = *message_->GetDescriptor()->FindFieldByNumber(member);
  const Place place = PlaceOf(field, index);
  faults_->Add(*file_, place.line, place.column, absl::StrFormat("%s: %s", field.name(), what));
}

void Spot::Fault(std::string what) const {
  faults_->Add(*file_, place_.line, place_.column, std::move(what));
}

std::string Spot::Where() const {
  return absl::StrFormat("%s:%d:%d", *file_, place_.line, place_.column);
}

std::unique_ptr<ParsedFile> ParsePackText(const std::string& name, std::string_view text,
                                          Faults& faults) {
  if (text.size() > kMaxFile) {
    faults.Add(name, 0, 0, "is larger than 1 MiB; split it");
    return nullptr;
  }
  auto file = std::make_unique<ParsedFile>();
  file->name = name;
  Collector collector(file->name, faults);
  proto::TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(&file->lines);
  parser.SetRecursionLimit(kMaxDepth);
  proto::io::ArrayInputStream stream(text.data(), static_cast<int>(text.size()));
  if (!parser.Parse(&stream, &file->content)) return nullptr;
  CheckStrings(Spot(faults, *file), file->content);
  return file;
}

}  // namespace sluis::policy
