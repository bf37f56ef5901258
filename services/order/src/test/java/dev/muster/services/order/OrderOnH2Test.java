package dev.muster.services.order;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.ServiceContract;

class OrderOnH2Test extends ServiceContract {
  OrderOnH2Test() {
    super(OrderService.class, "order");
  }

  @Override
  protected String databaseUrl() {
    return Databases.h2();
  }
}
