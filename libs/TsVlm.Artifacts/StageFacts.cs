using System.Text.Json.Serialization;

namespace TsVlm.Artifacts;

/// <summary>What making an artifact took; kept inside it as <c>stage.json</c>.</summary>
public sealed record StageFacts
{
    /// <summary>Name of the file inside an artifact.</summary>
    public const string FileName = "stage.json";

    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Samples worked on; an epoch of 100 samples done twice counts 200.</summary>
    public required long NumSamples { get; init; }

    /// <summary>
    /// Highest resident memory of the process meanwhile, in MB (10^6 bytes), other stages at the same time included.
    /// </summary>
    public required double PeakRssMb { get; init; }

    /// <summary>Cores the stage was allowed to use.</summary>
    public required int NumThreads { get; init; }

    /// <summary>Where tensors were computed: <c>cpu</c> or <c>cuda:N</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Samples a second; 0 when nothing was worked on.</summary>
    [JsonIgnore]
    public double SamplesPerSecond => Seconds > 0 ? NumSamples / Seconds : 0;

    /// <summary>Writes the facts into an artifact's folder.</summary>
    public void Write(string folder) => Json.Write(Path.Combine(folder, FileName), this);

    /// <summary>Reads the facts of an artifact's folder.</summary>
    public static StageFacts Read(string folder) => Json.Read<StageFacts>(Path.Combine(folder, FileName));
}
