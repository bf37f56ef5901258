package dev.muster.registry.event;

import org.jspecify.annotations.Nullable;

/// Something that was fired for everybody to hear.
///
/// @param id a UUID
/// @param payload null if there is none; never altered, so not copied
/// @param nodeFilter a regular expression for the nodes it is meant for; empty: all
/// @param serviceFilter the same for services
/// @param tagFilter the same for tags of these services
/// @param time the how-manieth event it is; 0 until it is kept
@SuppressWarnings("ArrayRecordComponent") // never compared by equals
public record Event(
    String id,
    String name,
    byte @Nullable [] payload,
    String nodeFilter,
    String serviceFilter,
    String tagFilter,
    long time) {

  Event at(long newTime) {
    return new Event(id, name, payload, nodeFilter, serviceFilter, tagFilter, newTime);
  }
}
