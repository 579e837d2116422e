namespace TsVlm.Contracts.Http;

/// <summary>What a data set holds, with some of its classes.</summary>
/// <param name="Name">What experiments call it.</param>
/// <param name="ContentHash">Names it by its content.</param>
/// <param name="NumTrain">Training cases of the archive's own split.</param>
/// <param name="NumTest">Test cases of it.</param>
/// <param name="NumChannels">Channels of a series; the most where series differ.</param>
/// <param name="MinLength">Time steps of the shortest series.</param>
/// <param name="MaxLength">Time steps of the longest series.</param>
/// <param name="NumValues">Values over all cases and channels, missing ones included.</param>
/// <param name="NumMissing">Missing values.</param>
/// <param name="NumIncomplete">Cases with a missing value.</param>
/// <param name="NumClasses">Classes.</param>
/// <param name="Offset">Place of the first class that is shown, from 0.</param>
/// <param name="Classes">The classes from there on, in the data set's order.</param>
/// <param name="StepsPerColumn">Time steps of each column of the means.</param>
/// <param name="FirstChannel">The channel that the means begin with, from 0.</param>
/// <param name="Lengths">Series by their length, in bins of one width; one bin where all are equally long.</param>
/// <param name="Warnings">What a user should know of the data, one sentence each.</param>
public sealed record DatasetDetails(
    string Name, string ContentHash, int NumTrain, int NumTest, int NumChannels, int MinLength, int MaxLength, long NumValues, long NumMissing,
    int NumIncomplete, int NumClasses, int Offset, IReadOnlyList<ClassDetails> Classes, int StepsPerColumn, int FirstChannel,
    IReadOnlyList<LengthBin> Lengths, IReadOnlyList<string> Warnings);

/// <summary>A class of a data set.</summary>
/// <param name="Label">Its name, letter for letter as in the file.</param>
/// <param name="Text">What it means in words; null where the data set says nothing.</param>
/// <param name="NumTrain">Its training cases.</param>
/// <param name="NumTest">Its test cases.</param>
/// <param name="MinLength">Time steps of its shortest series; 0 without a case.</param>
/// <param name="MaxLength">Time steps of its longest series; 0 without a case.</param>
/// <param name="NumMissing">Missing values of its series.</param>
/// <param name="Means">Its mean over all cases, channel by channel.</param>
public sealed record ClassDetails(
    string Label, string? Text, int NumTrain, int NumTest, int MinLength, int MaxLength, long NumMissing, IReadOnlyList<ChannelMeans> Means);

/// <summary>Mean and standard deviation of the values of a class in each column of time; NaN where all are missing.</summary>
/// <param name="Mean">Mean of each column.</param>
/// <param name="Deviation">Standard deviation of each column.</param>
public sealed record ChannelMeans(IReadOnlyList<double> Mean, IReadOnlyList<double> Deviation);

/// <summary>Series of some lengths.</summary>
/// <param name="From">The least length.</param>
/// <param name="To">The greatest length.</param>
/// <param name="NumCases">Cases.</param>
public sealed record LengthBin(int From, int To, int NumCases);

/// <summary>A series as a plot of a few hundred columns shows it.</summary>
/// <param name="Case">Number of the case in the data set.</param>
/// <param name="Label">Its class.</param>
/// <param name="IsTraining">Whether it is a training case of the archive's own split.</param>
/// <param name="Length">Its time steps.</param>
/// <param name="NumMissing">Its missing values over all channels.</param>
/// <param name="StepsPerColumn">Time steps of each column; the last column may have fewer.</param>
/// <param name="FirstChannel">The channel that <paramref name="Channels"/> begins with, from 0.</param>
/// <param name="Channels">Its channels from there on.</param>
public sealed record SeriesOutline(
    int Case, string Label, bool IsTraining, int Length, int NumMissing, int StepsPerColumn, int FirstChannel,
    IReadOnlyList<ChannelExtremes> Channels);

/// <summary>The lowest and the highest value of a channel in each column of time; NaN where all are missing.</summary>
/// <param name="Low">Lowest value of each column.</param>
/// <param name="High">Highest value of each column.</param>
public sealed record ChannelExtremes(IReadOnlyList<double> Low, IReadOnlyList<double> High);
