import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/fifthwheel/console/static",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0, // the content security policy allows no inline script or style
    chunkSizeWarningLimit: 1200, // MapLibre, loaded after the first page stands
  },
  server: { proxy: { "/api": "http://127.0.0.1:8000" } },
});
