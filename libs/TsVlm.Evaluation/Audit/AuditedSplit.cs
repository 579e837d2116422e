using TsVlm.Data;

namespace TsVlm.Evaluation.Audit;

/// <summary>A split under audit.</summary>
/// <param name="Protocol">Its protocol.</param>
/// <param name="Resample">Its resample.</param>
/// <param name="Cases">Which case is where.</param>
public sealed record AuditedSplit(string Protocol, int Resample, DatasetSplit Cases)
{
    /// <summary>What findings call it.</summary>
    public string Name => FormattableString.Invariant($"{Protocol}-{Resample}");

    /// <summary>Cases that anything is learnt or chosen from: training and validation.</summary>
    public IReadOnlyList<int> Learnt { get; } = [.. Cases.Train.Concat(Cases.Validation).Order()];
}
