import { createApp } from 'vue'
import App from './App.vue'
import './element.ts'
import './styles.css'
import { applyTheme } from './layout/theme.ts'
import { router } from './router.ts'

applyTheme()
createApp(App).use(router).mount('#app')
