package dev.muster.balancer.variable;

import java.util.HashMap;
import java.util.Map;

/// The variables that a configuration can name: the built-in ones, and those it declares itself by
/// `set`, `map`, `geo`, `split_clients` or named groups. Filled while a configuration is read, by
/// one thread.
public final class Variables {
  private final Map<String, Variable> declared = new HashMap<>();
  private final Map<String, Integer> slots = new HashMap<>();

  /// The variable of that name, without its dollar sign.
  ///
  /// @throws UnknownVariable if there is none
  public Variable find(String name) throws UnknownVariable {
    Variable own = declared.get(name);
    if (own != null) {
      return own;
    }
    Variable builtIn = BuiltIn.find(name);
    if (builtIn == null) {
      throw new UnknownVariable("unknown \"" + name + "\" variable");
    }
    return builtIn;
  }

  /// Whether a variable of that name can be named.
  public boolean isKnown(String name) {
    return declared.containsKey(name) || BuiltIn.find(name) != null;
  }

  /// Declares one that is computed, as `map` does.
  public void declare(String name, Variable variable) {
    declared.put(name, variable);
  }

  /// Declares one that is assigned, as `set` does.
  ///
  /// @return where a request keeps it, for [dev.muster.balancer.request.Request#assign]
  public int declareSlot(String name) {
    Integer known = slots.get(name);
    if (known != null) {
      return known;
    }
    int slot = slots.size();
    slots.put(name, slot);
    declared.put(name, request -> request.assigned(slot));
    return slot;
  }
}
