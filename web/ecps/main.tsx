import './ecps.css'

console.log(__PRODUCT__)
