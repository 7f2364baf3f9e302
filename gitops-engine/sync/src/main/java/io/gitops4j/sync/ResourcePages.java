package io.gitops4j.sync;

import io.gitops4j.json.Json;
import io.gitops4j.json.JsonArray;
import io.gitops4j.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The resources of an application in pages of bounded size, each with its digest. The status of an Application is cut where it
 * would not fit into an object; here is all of it, outside of any object, and a reader fetches only the pages whose digests it
 * does not know.
 *
 * @param digest of all pages
 * @param total number of resources
 * @param pages in the order of the resources
 */
public record ResourcePages(String digest, int total, List<Page> pages) {

    /** One page: its number from 0 on, its digest, and its resources in the form that the status has them in. */
    public record Page(int number, String digest, JsonArray resources) {}

    /** Pages of these parts. */
    public ResourcePages {
        pages = List.copyOf(pages);
    }

    /**
     * Resources in pages.
     *
     * @param bytes most bytes of a page as JSON; a page holds at least one resource
     */
    public static ResourcePages of(List<JsonObject> resources, int bytes) {
        List<Page> pages = new ArrayList<>();
        List<Json> page = new ArrayList<>();
        long size = 2;
        MessageDigest whole = sha256();
        for (JsonObject resource : resources) {
            int length = resource.toJson().getBytes(StandardCharsets.UTF_8).length + 1;
            if (!page.isEmpty() && size + length > bytes) {
                close(pages, page, whole);
                size = 2;
            }
            page.add(resource);
            size += length;
        }
        if (!page.isEmpty()) {
            close(pages, page, whole);
        }
        return new ResourcePages(HexFormat.of().formatHex(whole.digest()), resources.size(), pages);
    }

    private static void close(List<Page> pages, List<Json> page, MessageDigest whole) {
        JsonArray resources = JsonArray.of(page);
        byte[] digest = sha256().digest(resources.canonical().getBytes(StandardCharsets.UTF_8));
        whole.update(digest);
        pages.add(new Page(pages.size(), HexFormat.of().formatHex(digest), resources));
        page.clear();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
