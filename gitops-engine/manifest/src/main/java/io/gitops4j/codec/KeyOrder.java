package io.gitops4j.codec;

import java.util.Comparator;

/**
 * The natural order in which go-yaml v2 prints keys: {@code a2} before {@code a10}, punctuation before letters, upper case
 * before lower case.
 *
 * <p>Source: kustomize §24.
 */
final class KeyOrder implements Comparator<String> {
    static final KeyOrder INSTANCE = new KeyOrder();

    private KeyOrder() {}

    @Override
    public int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        int at = 0;
        while (at < common && a.charAt(at) == b.charAt(at)) {
            at++;
        }
        if (at == common) {
            return Integer.compare(a.length(), b.length());
        }
        if (at > 0 && Character.isHighSurrogate(a.charAt(at - 1))) {
            at--;
        }
        int left = a.codePointAt(at);
        int right = b.codePointAt(at);
        boolean leftLetter = Character.isLetter(left);
        boolean rightLetter = Character.isLetter(right);
        if (leftLetter != rightLetter) {
            return leftLetter ? 1 : -1;
        }
        return leftLetter ? Integer.compare(left, right) : compareNumbers(a, b, at, left, right);
    }

    private static int compareNumbers(String a, String b, int at, int left, int right) {
        long lead = left == '0' || right == '0' ? leadingOne(a, at) : 0;
        int leftEnd = runEnd(a, at);
        int rightEnd = runEnd(b, at);
        int order = Long.compare(value(a, at, leftEnd, lead), value(b, at, rightEnd, lead));
        if (order != 0) {
            return order;
        }
        order = Integer.compare(leftEnd, rightEnd);
        return order != 0 ? order : Integer.compare(left, right);
    }

    /** 1 when the digits right before {@code at} are not all zero: then a zero at {@code at} is no leading zero. */
    private static long leadingOne(String text, int at) {
        for (int i = at - 1; i >= 0 && Character.isDigit(text.charAt(i)); i--) {
            if (text.charAt(i) != '0') {
                return 1;
            }
        }
        return 0;
    }

    private static int runEnd(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Wraps around on overflow, as the reference does. */
    private static long value(String text, int from, int to, long lead) {
        long value = lead;
        for (int i = from; i < to; i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }
}
