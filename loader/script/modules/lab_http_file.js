'use strict';
// http.file: a file of a multipart form.

class FileData {
  constructor(data, filename, contentType) {
    this.data = data;
    this.filename = filename;
    this.content_type = contentType;
  }
}

exports.FileData = FileData;
