using TsVlm.Contracts;

namespace TsVlm.Evaluation.Results;

/// <summary>All that the report of one experiment is made from; equal data gives an equal page, byte for byte.</summary>
public sealed record ReportData
{
    /// <summary>What the experiment is called.</summary>
    public required string Title { get; init; }

    /// <summary>When the report's data was gathered.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The command line that makes the same experiment again.</summary>
    public required string Command { get; init; }

    /// <summary>The settings in force, defaults included, in the order to be shown.</summary>
    public IReadOnlyList<ReportSetting> Settings { get; init; } = [];

    /// <summary>Commit of the code that ran.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The machine that ran it.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Every run, baselines and failed ones included, in the order to be shown.</summary>
    public required IReadOnlyList<ReportRun> Runs { get; init; }
}

/// <summary>The machine that ran the experiment; times and memory hold for it alone.</summary>
/// <param name="Cores">Logical processors.</param>
/// <param name="Processor">Name of the processor.</param>
/// <param name="OperatingSystem">Name and version of the operating system.</param>
public sealed record MachineDescription(int Cores, string Processor, string OperatingSystem);
