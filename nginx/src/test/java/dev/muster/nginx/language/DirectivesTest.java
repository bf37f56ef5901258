package dev.muster.nginx.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// docs/nginx.md lists the table of directives. `-Ddocs.write=true` writes it anew.
class DirectivesTest {
  private static final Path PAGE = Path.of("../docs/nginx.md");
  private static final String BEGIN = "<!-- directives: written by DirectivesTest -->\n";
  private static final String END = "<!-- end of directives -->\n";

  /// What real configurations of reverse proxies are made of.
  private static final String IN_USE =
      """
      user sendfile tcp_nopush tcp_nodelay types types_hash_max_size server_tokens
      ssl_prefer_server_ciphers ssl_session_timeout use multi_accept worker_rlimit_nofile
      client_body_buffer_size events daemon worker_processes worker_connections error_log pid
      default_type satisfy limit_except internal stub_status http server listen server_name location
      proxy_pass upstream add_header return access_log log_format error_page proxy_http_version
      proxy_set_header proxy_connect_timeout proxy_read_timeout proxy_send_timeout
      ssl_certificate ssl_certificate_key http2 stream map resolver resolver_timeout set
      set_real_ip_from real_ip_header real_ip_recursive proxy_next_upstream
      proxy_next_upstream_tries proxy_next_upstream_timeout proxy_intercept_errors limit_req
      limit_req_zone limit_conn limit_conn_zone zone keepalive keepalive_requests keepalive_timeout
      keepalive_time if geo proxy_buffering proxy_request_buffering proxy_buffers proxy_buffer_size
      client_max_body_size client_body_timeout client_header_timeout client_header_buffer_size
      large_client_header_buffers send_timeout underscores_in_headers merge_slashes rewrite
      least_conn ip_hash hash random least_time sticky health_check match state queue
      ssl_protocols ssl_ciphers ssl_session_cache ssl_session_tickets ssl_verify_client
      ssl_client_certificate ssl_trusted_certificate ssl_password_file ssl_preread proxy_ssl
      proxy_ssl_certificate proxy_ssl_certificate_key proxy_ssl_name proxy_ssl_server_name
      proxy_ssl_verify proxy_ssl_trusted_certificate proxy_ssl_session_reuse
      grpc_pass grpc_set_header proxy_protocol proxy_protocol_timeout proxy_timeout proxy_responses
      proxy_upload_rate proxy_download_rate limit_rate limit_rate_after add_trailer gzip gzip_types
      gzip_min_length allow deny auth_basic auth_request split_clients mirror proxy_redirect
      proxy_cookie_path proxy_cookie_domain proxy_cookie_flags proxy_hide_header proxy_pass_header
      proxy_ignore_headers proxy_pass_request_body proxy_pass_request_headers proxy_method
      proxy_bind proxy_socket_keepalive worker_shutdown_timeout reset_timedout_connection
      fastcgi_pass uwsgi_pass scgi_pass memcached_pass mail ssi perl xslt_stylesheet image_filter
      dav_methods mp4 flv root alias index try_files proxy_cache proxy_cache_path proxy_stickiness
      """;

  @Test
  void whatIsInUseIsKnown() {
    assertThat(
            Arrays.stream(IN_USE.split("\\s+"))
                .filter(name -> Directives.table().named(name).isEmpty()))
        .isEmpty();
  }

  @Test
  void everyRowIsReadable() {
    List<Entry> entries = Directives.table().entries();
    assertThat(entries).hasSizeGreaterThan(300);
    for (Entry entry : entries) {
      assertThat(entry.name()).matches("[a-z0-9_]+\\*?");
      assertThat(entry.arguments())
          .matches("(flag|number|size|time|one:[a-z0-9.,]+|\\d+(\\+|-\\d+)?)( block)?( repeated)?");
      if (entry.status() == Status.DEVIATES || entry.status() == Status.REFUSED) {
        assertThat(entry.note()).as(entry.name()).isNotEmpty();
      }
    }
    for (Entry entry : entries) {
      for (Entry other : entries) {
        assertThat(
                entry == other
                    || !entry.name().equals(other.name())
                    || entry.contexts().stream().noneMatch(other.contexts()::contains))
            .as(entry.name() + " in one context twice")
            .isTrue();
      }
    }
  }

  @Test
  void thePageListsTheTable() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    assertThat(begin).as("the mark in " + PAGE).isLessThanOrEqualTo(end);
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(PAGE, page.substring(0, begin) + rows() + page.substring(end));
    } else {
      assertThat(page.substring(begin, end)).as("run with -Ddocs.write=true").isEqualTo(rows());
    }
  }

  private static String rows() {
    StringBuilder rows = new StringBuilder("| directive | in | state | |\n|---|---|---|---|\n");
    for (Entry entry : Directives.table().entries()) {
      String contexts =
          entry.contexts().stream().sorted().map(Context::label).collect(Collectors.joining(", "));
      rows.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(entry.name(), contexts, entry.status().label(), entry.note()));
    }
    return rows.toString();
  }
}
