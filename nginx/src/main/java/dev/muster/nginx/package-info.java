/// nginx's language and what it means here; [dev.muster.nginx.NginxFile] is the door.
@NullMarked
package dev.muster.nginx;

import org.jspecify.annotations.NullMarked;
