package dev.muster.balancer.response;

import dev.muster.balancer.config.ProxiedConfig.CookieFlags;
import dev.muster.balancer.config.ProxiedConfig.Cookies;
import dev.muster.balancer.request.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the Set-Cookie lines of instances are rewritten (`proxy_cookie_path`, `proxy_cookie_domain`,
/// `proxy_cookie_flags`). Immutable.
final class CookieRules {
  private final Rewrites paths;
  private final Rewrites domains;
  private final List<CookieFlags> flags;

  CookieRules(Cookies config) {
    this.paths = Rewrites.of(config.paths());
    this.domains = Rewrites.of(config.domains());
    this.flags = config.flags();
  }

  /// The value of a Set-Cookie line as the client gets it; null if it stays.
  @Nullable String rewrite(Request request, String value) {
    List<String> parts = new ArrayList<>(List.of(value.split(";", -1)));
    boolean isChanged = false;
    for (int i = 1; i < parts.size(); i++) {
      String changed = attribute(request, parts.get(i));
      if (changed != null) {
        parts.set(i, changed);
        isChanged = true;
      }
    }
    CookieFlags wanted = flagsOf(parts.getFirst());
    if (wanted != null) {
      for (String flag : wanted.flags()) {
        isChanged |= apply(flag.toLowerCase(Locale.ROOT), parts);
      }
    }
    return isChanged ? String.join(";", parts) : null;
  }

  private @Nullable String attribute(Request request, String part) {
    int equals = part.indexOf('=');
    if (equals < 0) {
      return null;
    }
    String name = part.substring(0, equals).strip();
    String value = part.substring(equals + 1).strip();
    String changed = null;
    if (name.equalsIgnoreCase("path")) {
      changed = paths.start(request, value);
    } else if (name.equalsIgnoreCase("domain")) {
      changed = domains.whole(request, value);
    }
    return changed == null ? null : part.substring(0, equals + 1) + changed;
  }

  private @Nullable CookieFlags flagsOf(String pair) {
    int equals = pair.indexOf('=');
    String name = (equals < 0 ? pair : pair.substring(0, equals)).strip();
    for (CookieFlags each : flags) {
      if (each.cookie().matcher(name).find()) {
        return each;
      }
    }
    return null;
  }

  private static boolean apply(String flag, List<String> parts) {
    return switch (flag) {
      case "secure" -> add(parts, "secure", " Secure");
      case "httponly" -> add(parts, "httponly", " HttpOnly");
      case "nosecure" -> remove(parts, "secure");
      case "nohttponly" -> remove(parts, "httponly");
      case "nosamesite" -> remove(parts, "samesite");
      case "samesite=strict" -> replace(parts, " SameSite=Strict");
      case "samesite=lax" -> replace(parts, " SameSite=Lax");
      case "samesite=none" -> replace(parts, " SameSite=None");
      default -> false;
    };
  }

  private static boolean add(List<String> parts, String name, String written) {
    return indexOf(parts, name) < 0 && parts.add(written);
  }

  private static boolean remove(List<String> parts, String name) {
    boolean isChanged = false;
    for (int i = indexOf(parts, name); i >= 0; i = indexOf(parts, name)) {
      parts.remove(i);
      isChanged = true;
    }
    return isChanged;
  }

  private static boolean replace(List<String> parts, String written) {
    remove(parts, "samesite");
    return parts.add(written);
  }

  private static int indexOf(List<String> parts, String name) {
    for (int i = 1; i < parts.size(); i++) {
      String part = parts.get(i);
      int equals = part.indexOf('=');
      if ((equals < 0 ? part : part.substring(0, equals)).strip().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }
}
