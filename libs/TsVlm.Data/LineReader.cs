namespace TsVlm.Data;

/// <summary>
/// Reads a text file line by line through one buffer that never grows beyond the longest line allowed,
/// so a file without line ends cannot exhaust the memory. Text as <see cref="StrictText"/> reads it; lines end with LF or CR LF,
/// or with CR in a file that begins so.
/// </summary>
internal sealed class LineReader : IDisposable
{
    /// <summary>Characters a line may have: 64 Mi, more than 4 million values.</summary>
    public const int DefaultMaxLineLength = 64 * 1024 * 1024;

    private readonly StrictText text;
    private readonly int maxLineLength;
    private char[] buffer = new char[64 * 1024];
    private int lineStart, lineLength, next, end;
    private bool atEnd, hasStarted, endsWithReturn;

    /// <summary>Opens the file.</summary>
    /// <exception cref="DataException">No such file, or one that cannot be opened.</exception>
    public LineReader(string path, int maxLineLength = DefaultMaxLineLength)
    {
        this.maxLineLength = maxLineLength;
        FileName = Path.GetFileName(path);
        if (!File.Exists(path))
            throw new DataException($"{FileName}: expected a file at {path}, found none. Check the folder and the name.");
        try
        {
            text = new StrictText(File.OpenRead(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{FileName}: expected a file that can be read, found: {error.Message} Check its permissions.");
        }
    }

    /// <summary>Name of the file without its folder, as errors give it.</summary>
    public string FileName { get; }

    /// <summary>Number of the current line, from 1; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>The current line without its end and without blanks around it; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<char> Line => buffer.AsSpan(lineStart, lineLength).Trim(" \r");

    /// <summary>Goes to the next line; false at the end of the file.</summary>
    /// <exception cref="DataException">The line is longer than allowed, or a byte in it is no text.</exception>
    public bool Read()
    {
        var scanned = next;
        while (true)
        {
            var rest = buffer.AsSpan(scanned, end - scanned);
            var newline = endsWithReturn ? rest.IndexOfAny('\r', '\n') : rest.IndexOf('\n');
            if (newline >= 0) return Take(scanned + newline, next: scanned + newline + 1);
            if (atEnd) return next < end && Take(end, next: end);
            scanned = Fill();
        }
    }

    /// <summary>An error at the current line.</summary>
    public DataException Error(string message) => ErrorAt(Number, message);

    /// <summary>An error at a line read before.</summary>
    public DataException ErrorAt(int line, string message) => new($"{FileName}({line}): {message}");

    /// <inheritdoc />
    public void Dispose() => text.Dispose();

    private bool Take(int lineEnd, int next)
    {
        lineStart = this.next;
        lineLength = lineEnd - this.next;
        this.next = next;
        Number++;
        if (lineLength > maxLineLength) throw TooLong();
        return true;
    }

    // Moves the unfinished line to the front, makes room where it fills the buffer, and reads on; returns where the new text starts.
    private int Fill()
    {
        var length = end - next;
        if (length > maxLineLength)
        {
            Number++;
            throw TooLong();
        }
        buffer.AsSpan(next, length).CopyTo(buffer);
        next = 0;
        end = length;
        if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxLineLength + 1L));
        var count = text.Read(buffer.AsSpan(end));
        if (count == 0 && text.Problem is { } problem) throw ErrorAt(Number + 1, problem);
        atEnd = count == 0;
        end += count;
        if (!hasStarted) endsWithReturn = buffer.AsSpan(0, Math.Max(0, end - 1)).Contains('\r') && !buffer.AsSpan(0, end).Contains('\n');
        hasStarted = true;
        return length;
    }

    private DataException TooLong() => Error(
        $"expected at most {maxLineLength:N0} characters in a line, found more. Write one case a line, or check that this is a text file.");
}
