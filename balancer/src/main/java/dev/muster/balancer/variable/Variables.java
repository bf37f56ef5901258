package dev.muster.balancer.variable;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Request;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables that a configuration can name: the built-in ones, and those it declares itself by
/// `set`, `map`, `geo`, `split_clients` or named groups. The case of names does not matter. Filled
/// while a configuration is read, by one thread.
public final class Variables {
  private final Map<String, Variable> declared = new HashMap<>();
  private final Map<String, Reserved> reserved = new HashMap<>();
  private final Map<String, Integer> slots = new HashMap<>();

  /// The variable of that name, without its dollar sign.
  ///
  /// @throws UnknownVariable if there is none
  public Variable find(String name) throws UnknownVariable {
    Variable found = get(lower(name));
    if (found == null) {
      throw new UnknownVariable("unknown \"" + name + "\" variable");
    }
    return found;
  }

  private @Nullable Variable get(String name) {
    Variable own = declared.get(name);
    return own == null ? BuiltIn.find(name) : own;
  }

  /// Whether a variable of that name can be named.
  public boolean isKnown(String name) {
    return get(lower(name)) != null;
  }

  /// Promises that one will be declared, so that texts can name it before.
  public void reserve(String name) {
    String key = lower(name);
    if (!declared.containsKey(key)) {
      Reserved promise = new Reserved();
      reserved.put(key, promise);
      declared.put(key, promise);
    }
  }

  /// Declares one that is computed whenever it is asked for.
  public void declare(String name, Variable variable) {
    String key = lower(name);
    Reserved promise = reserved.get(key);
    if (promise != null) {
      promise.kept = variable;
    }
    declared.put(key, variable);
  }

  /// Declares one that is computed once for a request, as `map` does.
  public void declareCached(String name, Variable variable) {
    declare(name, new Cached(newSlot(lower(name) + " "), variable));
  }

  /// Declares one that is assigned, as `set` does.
  ///
  /// @return where a request keeps it, for [Request#assign]
  public int declareSlot(String name) {
    String key = lower(name);
    return switch (key) {
      case "args", "query_string" -> Request.ARGS;
      case "limit_rate" -> Request.LIMIT_RATE;
      default -> {
        int slot = newSlot(key);
        declare(key, request -> request.assigned(slot));
        yield slot;
      }
    };
  }

  private int newSlot(String key) {
    return slots.computeIfAbsent(key, _ -> slots.size());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// One that is declared after it is named.
  private static final class Reserved implements Variable {
    private Variable kept = _ -> null;

    @Override
    public @Nullable String value(Request request) {
      return kept.value(request);
    }

    @Override
    public void write(Request request, HeadWriter out) {
      kept.write(request, out);
    }

    @Override
    public boolean asks(LateFact fact) {
      return kept.asks(fact);
    }
  }

  private record Cached(int slot, Variable variable) implements Variable {
    @Override
    public String value(Request request) {
      String known = request.assigned(slot);
      if (known == null) {
        String value = request.enterVariable() ? variable.value(request) : null;
        request.leaveVariable();
        known = value == null ? "" : value;
        request.assign(slot, known);
      }
      return known;
    }

    @Override
    public void write(Request request, HeadWriter out) {
      out.write(value(request).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public boolean asks(LateFact fact) {
      return variable.asks(fact);
    }
  }
}
