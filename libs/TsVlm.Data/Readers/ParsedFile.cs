namespace TsVlm.Data.Readers;

/// <summary>What one file says, before its parts are put together.</summary>
/// <param name="FileName">Name of the file without its folder.</param>
/// <param name="DeclaredClasses">The classes of the header, in its order; null where the format declares none.</param>
/// <param name="ChannelNames">Names of the channels; null where the format names none.</param>
/// <param name="Cases">The cases, in the order of the file.</param>
/// <param name="Warnings">What reading had to decide, one sentence each.</param>
internal sealed record ParsedFile(
    string FileName,
    IReadOnlyList<string>? DeclaredClasses,
    IReadOnlyList<string>? ChannelNames,
    IReadOnlyList<ParsedCase> Cases,
    IReadOnlyList<string> Warnings)
{
    /// <summary>Whether each label is a set of labels.</summary>
    public bool HasLabelSets { get; init; }
}

/// <summary>One case of a file.</summary>
/// <param name="Series">Its values.</param>
/// <param name="Label">Its class, letter for letter; null where the file has none or it was not asked for.</param>
/// <param name="Line">The line it stands on, or begins on.</param>
internal sealed record ParsedCase(TimeSeries Series, string? Label, int Line);

/// <summary>Reads one file of a format; labels are required for training and ignored for new series.</summary>
internal delegate ParsedFile FileFormat(LineReader lines, LabelUse labels);

/// <summary>What a reader does with labels.</summary>
internal enum LabelUse
{
    /// <summary>A case without a label is an error.</summary>
    Required,

    /// <summary>Labels may be absent; those present are ignored.</summary>
    Ignored,
}
