import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import org.xnio.Options;

/**
 * The least that the HTTP library under the scoring server can do with the same requests: reads the whole body and sends
 * it back. Prints {@code at http://127.0.0.1:PORT}; runs until it is ended.
 */
final class Echo {
    private Echo() {}

    public static void main(String[] arguments) throws InterruptedException {
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1", exchange -> exchange.getRequestReceiver()
                        .receiveFullBytes((same, bytes) -> {
                            same.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
                            same.getResponseSender().send(ByteBuffer.wrap(bytes));
                        }))
                .setIoThreads(Math.max(2, Runtime.getRuntime().availableProcessors()))
                .setServerOption(UndertowOptions.ENABLE_HTTP2, false)
                .setSocketOption(Options.TCP_NODELAY, true)
                .build();
        undertow.start();
        InetSocketAddress at = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        System.out.println("Echo at http://127.0.0.1:" + at.getPort());
        new CountDownLatch(1).await();
    }
}
