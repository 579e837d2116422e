namespace TsVlm.Evaluation.Comparison;

/// <summary>A data set of a comparison, with what may explain where a classifier fails.</summary>
/// <param name="Name">What the archive calls it.</param>
/// <param name="NumTrain">Training cases.</param>
/// <param name="NumTest">Test cases.</param>
/// <param name="NumClasses">Classes.</param>
/// <param name="Kind">What its series are a record of; null where it is not known.</param>
/// <param name="Facts">What only the data itself tells; null where it was not given.</param>
public sealed record ComparedDataset(string Name, int NumTrain, int NumTest, int NumClasses, SignalKind? Kind, DatasetFacts? Facts);

/// <summary>Facts of a data set that results.csv does not hold.</summary>
/// <param name="NumChannels">Channels of the series; the most where series differ.</param>
/// <param name="MaxLength">Time steps of the longest series.</param>
/// <param name="LargestTrainShare">Share of the largest class among the training cases, from 0 to 1.</param>
public sealed record DatasetFacts(int NumChannels, int MaxLength, double LargestTrainShare);
