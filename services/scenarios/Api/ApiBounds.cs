namespace TsVlm.Scenarios.Api;

/// <summary>
/// What bounds requests and answers and is no setting: <see cref="ApiSettings"/> has those, <see cref="PageBounds"/> the lengths of lists,
/// <c>GridSchema</c> what a grid may hold. docs/api.md lists them all, and the OpenAPI document states them.
/// </summary>
internal static class ApiBounds
{
    /// <summary>Characters of a name: of a data set, a model, a protocol.</summary>
    public const int MaxNameCharacters = 200;

    /// <summary>Characters of the command that a report shows.</summary>
    public const int MaxCommandCharacters = 2000;

    /// <summary>Characters of an Idempotency-Key.</summary>
    public const int MaxIdempotencyKeyCharacters = 200;

    /// <summary>Data sets of an experiment.</summary>
    public const int MaxDatasets = 1000;

    /// <summary>Seeds of an experiment, and resamples.</summary>
    public const int MaxRepetitions = 1000;

    /// <summary>Characters of a class of an uploaded data set.</summary>
    public const int MaxClassCharacters = 500;

    /// <summary>Characters of the text that says what a class is.</summary>
    public const int MaxClassTextCharacters = 2000;

    /// <summary>Classes of an uploaded data set.</summary>
    public const int MaxClasses = 10_000;

    /// <summary>Columns of time of a series that is shown.</summary>
    public const int MaxColumns = 1000;

    /// <summary>The same where a request names none.</summary>
    public const int DefaultColumns = 300;

    /// <summary>Channels of a series that are shown at a time.</summary>
    public const int MaxChannels = 8;
}
