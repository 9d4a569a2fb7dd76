/** Builds index.html, dashboard.css and dashboard.js into `outDir`. */
export function buildDashboard(options: { outDir: string }): Promise<void>;
