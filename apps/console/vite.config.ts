import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

export default defineConfig({
  base: '/console/',
  plugins: [vue()],
  build: {
    // Offices run browsers that are a few years old.
    target: ['chrome90', 'firefox90', 'safari15'],
    // Fonts and pictures inlined as data: would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)/, priority: 3 },
            {
              name: 'element-plus',
              test: /node_modules[\\/](element-plus|@element-plus|@popperjs|@floating-ui|async-validator|dayjs|lodash|@vueuse|@ctrl)/,
              priority: 2,
            },
            { name: 'vue', test: /node_modules[\\/](@vue|vue|vue-router)[\\/]/, priority: 4 },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
})
