// The parts of the catalogue; text.cc puts them together.
#pragma once

#include <span>

#include "clients/cli/frame/text.h"

namespace sluis::cli {

std::span<const Entry> FrameTexts();    // headings, hints, words of the frame itself
std::span<const Entry> ErrorTexts();    // error.CODE (what) and error.CODE.do (what to do)
std::span<const Entry> CommandTexts();  // noun, noun.verb, noun.verb.option
std::span<const Entry> OnlineTexts();   // the same, of commands over the edge, the policy and the log
std::span<const Entry> PseudonymTexts();  // all of these, about sessions and pseudonyms
std::span<const Entry> InquiryTexts();  // all of these, about hit and no-hit and the search of records
std::span<const Entry> IndexTexts();    // all of these, about the index of a register
std::span<const Entry> PolicyTexts();   // all of the commands that look at a pack as a whole
std::span<const Entry>
PolicySigningTexts();  // all of what two persons sign, and of receipts of decisions
std::span<const Entry> TalkTexts();     // what commands say, and the headings of their tables

}  // namespace sluis::cli
