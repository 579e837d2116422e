namespace TsVlm.Contracts.Http;

/// <summary>What the audit of a data set found.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Scenarios">The preset whose scenarios it was audited with.</param>
/// <param name="Protocol">The protocol of the split, which was resample 0.</param>
/// <param name="Findings">By check, the most severe first within each.</param>
/// <param name="NumPairs">Pairs of cases that belong together.</param>
/// <param name="Pairs">The first of them, those across training and test before the others.</param>
public sealed record DatasetAuditResponse(
    string Name, string Scenarios, string Protocol, IReadOnlyList<FindingResponse> Findings, int NumPairs, IReadOnlyList<PairResponse> Pairs);

/// <summary>What one check found.</summary>
/// <param name="Check">The check, such as <c>duplicates</c>.</param>
/// <param name="Severity"><c>ok</c>, <c>note</c>, <c>warning</c> or <c>problem</c>.</param>
/// <param name="Subject">The split or scenario it is about; empty for the data set as a whole.</param>
/// <param name="Found">What was found, a sentence.</param>
/// <param name="Advice">What to do, a sentence; empty where there is nothing to do.</param>
/// <param name="Cases">Numbers of the first cases concerned.</param>
public sealed record FindingResponse(string Check, string Severity, string Subject, string Found, string Advice, IReadOnlyList<int> Cases);

/// <summary>Two cases that belong together.</summary>
/// <param name="Kind"><c>equal</c>, <c>near</c> or <c>overlapping</c>.</param>
/// <param name="First">Number of the first case.</param>
/// <param name="Second">Number of the second.</param>
/// <param name="Distance">Root mean squared difference of the z-normalised values.</param>
/// <param name="Offset">Time steps that the second begins after the first.</param>
/// <param name="FirstLabel">Class of the first.</param>
/// <param name="SecondLabel">Class of the second.</param>
/// <param name="FirstFile"><c>train</c> or <c>test</c>: the archive's file of the first.</param>
/// <param name="SecondFile">The same of the second.</param>
/// <param name="Crosses">Splits in which one is learnt from and the other tested.</param>
public sealed record PairResponse(
    string Kind, int First, int Second, double Distance, int Offset, string FirstLabel, string SecondLabel, string FirstFile, string SecondFile,
    IReadOnlyList<string> Crosses);
