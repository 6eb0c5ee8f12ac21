//===- Report.cpp - how a run ended ---------------------------------------===//
//
// Part of the spada project. SPDX-License-Identifier: Apache-2.0
//
// Traps, stalls, elements left over, and the host's arrays. Order follows PEs
// row by row, never the schedule.
//
//===----------------------------------------------------------------------===//

#include "World.h"

#include "mlir/IR/Diagnostics.h"

#include <algorithm>

using namespace mlir;
using namespace spada;
using namespace spada::interp;

static constexpr size_t mostNotes = 4;

std::string interp::describe(const PE &pe) {
  return "PE (" + std::to_string(pe.x) + ", " + std::to_string(pe.y) + ")";
}

std::string interp::describe(Location location) {
  if (auto file = location->findInstanceOf<FileLineColLoc>())
    return file.getFilename().str() + ":" + std::to_string(file.getLine()) +
           ":" + std::to_string(file.getColumn());
  return "unknown location";
}

static std::string plural(int64_t count, const char *noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

void World::trap(const PE &pe, Operation *op, const std::string &text) {
  if (result.status != InterpResult::Finished)
    return;
  result.status = InterpResult::Trapped;
  result.message = describe(pe) + ": " + text;
  result.location = op->getLoc();
}

void World::reject(Location location, const std::string &text) {
  if (result.status != InterpResult::Finished)
    return;
  result.status = InterpResult::Rejected;
  result.message = text;
  result.location = location;
}

//===----------------------------------------------------------------------===//
// Stalls
//===----------------------------------------------------------------------===//

/// What the sender of `channel` would be: the PE that the receiver's own
/// declaration points back to.
static std::string describeSender(const Channel &channel) {
  if (channel.lastSender)
    return describe(*channel.lastSender);
  StreamOp op = channel.declaration;
  int64_t dx = integerOf(op.getDx()), dy = integerOf(op.getDy());
  PE sender;
  sender.x = channel.targetX - dx;
  sender.y = channel.targetY - dy;
  return describe(sender);
}

InterpResult::Note World::describeStall(const Activity &activity) {
  std::string text = describe(*activity.pe) + " waits to receive on '" +
                     activity.stream->name + "'";
  if (const Channel *channel = activity.stream->source) {
    text += " from " + describeSender(*channel) + ": " +
            std::to_string(channel->received) + " of " +
            plural(channel->sent, "element") + " taken";
    if (!channel->receivers.empty() && channel->receivers.front() != &activity)
      text += "; an earlier receive on this stream is not complete";
  }
  return {activity.blockedAt->getLoc(), text};
}

static void trimNotes(std::vector<InterpResult::Note> &notes) {
  if (notes.size() <= mostNotes)
    return;
  size_t more = notes.size() - mostNotes;
  Location location = notes[mostNotes].location;
  notes.erase(notes.begin() + mostNotes, notes.end());
  notes.push_back({location, "and " + std::to_string(more) + " more"});
}

void World::reportStalls() {
  std::vector<InterpResult::Note> stalls;
  int64_t waiting = 0;
  for (std::unique_ptr<PE> &pe : pes) {
    if (!pe || pe->position == pe->programs.size())
      continue;
    ++waiting;
    for (std::unique_ptr<Activity> &activity : pe->activities)
      if (activity->isBlocked && activity->waitsForElement)
        stalls.push_back(describeStall(*activity));
  }
  if (waiting == 0)
    return;
  result.status = InterpResult::Deadlocked;
  result.message = "deadlock: " + plural(waiting, "PE") +
                   (waiting == 1 ? " waits" : " wait") + " for ever";
  if (!stalls.empty())
    result.location = stalls.front().location;
  trimNotes(stalls);
  result.notes = std::move(stalls);
}

void World::reportLeftovers() {
  std::vector<InterpResult::Note> notes;
  for (auto &[key, channel] : channels) {
    if (channel.queue.empty())
      continue;
    std::string text = describe(*channel.lastSender) + " sent " +
                       plural(channel.sent, "element") + " on '" +
                       channel.declaration.getName().str() + "' to ";
    PE target;
    target.x = channel.targetX;
    target.y = channel.targetY;
    bool isInside =
        target.x >= 0 && target.y >= 0 && target.x < width && target.y < height;
    text += describe(target);
    text += isInside ? ", which received " + std::to_string(channel.received)
                     : std::string(", which is outside of the grid");
    notes.push_back({channel.lastSend->getLoc(), text});
  }
  if (notes.empty())
    return;
  result.status = InterpResult::Deadlocked;
  result.message = "unmatched send: " +
                   plural(static_cast<int64_t>(notes.size()), "stream edge") +
                   (notes.size() == 1 ? " holds" : " hold") +
                   " elements that nobody receives";
  result.location = notes.front().location;
  trimNotes(notes);
  result.notes = std::move(notes);
}

void World::reportEnd() {
  if (result.status != InterpResult::Finished)
    return;
  reportStalls();
  if (result.status == InterpResult::Finished)
    reportLeftovers();
}

void World::takeOutputs(std::map<std::string, Array> &outputs) {
  for (ArgumentOp op : kernel.getBody().getOps<ArgumentOp>()) {
    auto it = arguments.find(op.getName());
    if (it == arguments.end() || !it->second->isSentTo)
      continue;
    HostArgument &argument = *it->second;
    int64_t length = argument.bound.value_or(0);
    for (const std::vector<Scalar> &stream : argument.output)
      length = std::max<int64_t>(length, stream.size());
    Array array;
    array.dtype = dtypeOf(op.getElementType());
    array.shape.assign(argument.dims.begin(), argument.dims.end());
    array.shape.push_back(length);
    array.bytes.resize(argument.output.size() * length *
                       argument.format.bytes());
    for (size_t index = 0; index < argument.output.size(); ++index)
      for (size_t position = 0; position < argument.output[index].size();
           ++position)
        storeElement(array, argument.format, index * length + position,
                     argument.output[index][position]);
    outputs[op.getName().str()] = std::move(array);
  }
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

std::string InterpResult::text() const {
  if (message.empty())
    return "";
  std::string text =
      (location ? interp::describe(*location) + ": " : std::string()) +
      message + "\n";
  for (const Note &note : notes)
    text += interp::describe(note.location) + ": note: " + note.text + "\n";
  return text;
}

void InterpResult::emitDiagnostics(Location fallback) const {
  if (message.empty())
    return;
  InFlightDiagnostic diagnostic = emitError(location.value_or(fallback))
                                  << message;
  for (const Note &note : notes)
    diagnostic.attachNote(note.location) << note.text;
}
