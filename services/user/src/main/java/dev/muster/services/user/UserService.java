package dev.muster.services.user;

import dev.muster.services.starter.DocumentKind;
import dev.muster.services.starter.Documents;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/// user-service: the application.
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(UserRoutes.class)
public class UserService {
  static void main(String[] args) {
    SpringApplication.run(UserService.class, args);
  }

  @Bean
  Documents users(JdbcClient jdbc) {
    return new Documents(DocumentKind.named("user"), jdbc);
  }
}
