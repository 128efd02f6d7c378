package dev.arclight.base.progress;

final class SilentProgress implements Progress {
    private static final Task TASK = new Task() {
        @Override
        public void advance(long units) {}

        @Override
        public void moveTo(long units) {}

        @Override
        public void note(String remark) {}

        @Override
        public void fail(String reason) {}

        @Override
        public void close() {}
    };

    @Override
    public Task start(String label, long total, String unit) {
        return TASK;
    }

    @Override
    public void message(String line) {}
}
