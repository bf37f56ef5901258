package dev.muster.registry.transaction;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import org.jspecify.annotations.Nullable;

/// One part of a transaction. Verbs that compare take the index of what they are about: of keys
/// their own member, of others their `modifyIndex`.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "on")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Operation.OnKey.class, name = "key"),
  @JsonSubTypes.Type(value = Operation.OnNode.class, name = "node"),
  @JsonSubTypes.Type(value = Operation.OnService.class, name = "service"),
  @JsonSubTypes.Type(value = Operation.OnCheck.class, name = "check"),
  @JsonSubTypes.Type(value = Operation.DestroySession.class, name = "session"),
  @JsonSubTypes.Type(value = Operation.Impossible.class, name = "nothing")
})
public sealed interface Operation {
  /// Whether it may change anything.
  boolean isWrite();

  /// Something with a key.
  ///
  /// @param key of verbs for a tree the prefix
  /// @param index what verbs that compare compare with
  /// @param session of verbs that lock, unlock or check a lock; else empty
  /// @param passedDelay as in [dev.muster.registry.session.Lock.Acquire]
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record OnKey(
      KeyVerb verb,
      String key,
      byte @Nullable [] value,
      long flags,
      long index,
      String session,
      long passedDelay)
      implements Operation {
    @Override
    public boolean isWrite() {
      return verb.isWrite();
    }
  }

  /// Something with a node.
  ///
  /// @param node to read or delete, its name says enough, or its id if that is not empty
  record OnNode(EntryVerb verb, Node node) implements Operation {
    @Override
    public boolean isWrite() {
      return verb != EntryVerb.GET;
    }
  }

  /// Something with a service.
  ///
  /// @param service to read or delete, its node and id say enough
  record OnService(EntryVerb verb, Service service) implements Operation {
    @Override
    public boolean isWrite() {
      return verb != EntryVerb.GET;
    }
  }

  /// Something with a check.
  ///
  /// @param check to read or delete, its node and id say enough
  record OnCheck(EntryVerb verb, Check check) implements Operation {
    @Override
    public boolean isWrite() {
      return verb != EntryVerb.GET;
    }
  }

  /// Ends a session; one that does not exist has ended already.
  record DestroySession(String session) implements Operation {
    @Override
    public boolean isWrite() {
      return true;
    }
  }

  /// What can never succeed, such as an unknown verb: it fails its transaction, whose other
  /// failures are told along with it.
  record Impossible(String why) implements Operation {
    @Override
    public boolean isWrite() {
      return false;
    }
  }
}
