// Style sheets are imported for their effect; Vite takes them out of the JavaScript.
declare module '*.css'
