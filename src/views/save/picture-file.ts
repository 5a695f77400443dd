/** What is loaded when a picture is saved. */
export { pngOfSvg } from './png-of-svg.ts';
export { svgOfPicture } from './svg-of-picture.ts';
